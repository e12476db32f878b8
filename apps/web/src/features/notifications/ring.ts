let audio: AudioContext | null = null;

/** Two soft notes, made here. Silent where the browser has not been touched yet and so allows no sound. */
export function ring(): void {
  try {
    audio ??= new AudioContext();
    const { currentTime, destination } = audio;
    if (audio.state === "suspended") void audio.resume();
    play(audio, destination, 880, currentTime, 0.16);
    play(audio, destination, 1318.5, currentTime + 0.11, 0.28);
  } catch {
    // No sound is no reason to fail.
  }
}

function play(
  context: AudioContext,
  into: AudioNode,
  frequencyHz: number,
  startsAt: number,
  lastsSeconds: number,
): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = "sine";
  tone.frequency.value = frequencyHz;
  volume.gain.setValueAtTime(0, startsAt);
  volume.gain.linearRampToValueAtTime(0.12, startsAt + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, startsAt + lastsSeconds);
  tone.connect(volume).connect(into);
  tone.start(startsAt);
  tone.stop(startsAt + lastsSeconds + 0.02);
}
