import sharp, { type Sharp } from "sharp";

/** Enough for any camera, and too little for a small file that unpacks to gigabytes. */
const maxPixels = 100_000_000;
const maxSideForJpeg = 16_383;

/** A picture that is safe to show and to send on. */
interface SafePicture {
  bytes: Buffer;
  contentType: "image/jpeg" | "image/png" | "image/gif";
  width: number;
  height: number;
}

/**
 * The picture drawn anew: upright, without metadata such as the place where it
 * was taken, as JPEG or PNG, and smaller where it is over `maxBytes`. A GIF stays
 * as it is, as it may move; it can be larger than `maxBytes`. Throws an Error when
 * the bytes are no picture that can be read.
 */
export async function shrinkPicture(
  bytes: Buffer,
  sniffedType: string,
  maxBytes: number,
): Promise<SafePicture> {
  const open = () => sharp(bytes, { limitInputPixels: maxPixels, failOn: "error" });
  const { width, height, hasAlpha, autoOrient } = await open().metadata();
  if (sniffedType === "image/gif") {
    // Drawing the first frame proves that it is a picture.
    await open().stats();
    return { bytes, contentType: "image/gif", width, height };
  }
  const upright = autoOrient ?? { width, height };
  const lossless = sniffedType === "image/png" || hasAlpha;
  let scale = Math.min(1, maxSideForJpeg / Math.max(upright.width, upright.height));
  let asPng = lossless;
  for (;;) {
    const drawn = resize(open().autoOrient(), upright.width, scale);
    const { data, info } = await encode(drawn, asPng).toBuffer({ resolveWithObject: true });
    if (data.length <= maxBytes) {
      return {
        bytes: data,
        contentType: asPng ? "image/png" : "image/jpeg",
        width: info.width,
        height: info.height,
      };
    }
    // A photograph kept as PNG shrinks most by becoming a JPEG.
    if (asPng && !hasAlpha) asPng = false;
    else scale *= Math.min(0.9, Math.sqrt(maxBytes / data.length));
  }
}

function resize(picture: Sharp, width: number, scale: number): Sharp {
  return scale < 1 ? picture.resize({ width: Math.max(1, Math.floor(width * scale)) }) : picture;
}

function encode(picture: Sharp, asPng: boolean): Sharp {
  return asPng ? picture.png({ compressionLevel: 9 }) : picture.jpeg({ quality: 88 });
}
