import { useState } from "react";
import * as z from "zod";

/** A phone on the screen and whose it is. */
export interface SimulatedPhone {
  number: string;
  name: string | null;
}

/** The people who are there from the start. */
const people: SimulatedPhone[] = [
  { name: "Ana Silva", number: "+12025550171" },
  { name: "Ben Okafor", number: "+12025550142" },
  { name: "Chloé Martin", number: "+12025550118" },
  { name: "Dev Patel", number: "+12025550193" },
];

const storageKey = "livechat.simulated-phones";
const keptNumbers = z.array(z.string());

/**
 * Every phone that there is: the named people, those made here, and those that
 * have texted before; and the way to make another with a random number.
 */
export function useSimulatedPhones(texted: string[]): [SimulatedPhone[], () => SimulatedPhone] {
  const [made, setMade] = useState(readMade);
  const known = new Set(people.map((phone) => phone.number));
  const others = [...new Set([...made, ...texted])].filter((number) => !known.has(number));
  const add = () => {
    const taken = new Set([...known, ...others]);
    let number = randomNumber();
    while (taken.has(number)) number = randomNumber();
    const next = [number, ...made].slice(0, 50);
    setMade(next);
    try {
      localStorage.setItem(storageKey, JSON.stringify(next));
    } catch {
      // Then the phone is gone after a reload, unless it has texted.
    }
    return { number, name: null };
  };
  return [[...people, ...others.map((number) => ({ number, name: null }))], add];
}

function readMade(): string[] {
  try {
    const kept = keptNumbers.safeParse(JSON.parse(localStorage.getItem(storageKey) ?? "[]"));
    return kept.success ? kept.data : [];
  } catch {
    return [];
  }
}

function randomNumber(): string {
  return `+1202555${String(Math.floor(Math.random() * 9000) + 1000)}`;
}
