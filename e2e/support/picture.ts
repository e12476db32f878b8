import { crc32, deflateSync } from "node:zlib";

/** A PNG of an evening sky, as large as a browser needs to show that it opened it. */
export function buildPicture(widthPx = 64, heightPx = 48): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = Buffer.concat(
    Array.from({ length: heightPx }, (_, y) => {
      const down = y / heightPx;
      const colour = [90 + 160 * down, 110 + 70 * down, 190 - 70 * down].map(Math.round);
      return Buffer.from([0, ...Array.from({ length: widthPx }, () => colour).flat()]);
    }),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
