/* The SHA-256 of a file that is too large to be held: a worker reads it in pieces, since a browser's own can only
   take the whole. FIPS 180-4. */
"use strict";

(() => {
  const PIECE = 4 << 20, W = new Int32Array(64), K = new Int32Array(64), H = new Int32Array(8);

  /* The first 32 bits of the fractional parts of the roots of the first primes. */
  for (let number = 2, at = 0; at < 64; number += 1) {
    if ([...Array(number).keys()].slice(2).some((by) => number % by === 0)) continue;
    const bits = (root) => ((root % 1) * 2 ** 32) | 0;
    if (at < 8) H[at] = bits(number ** (1 / 2));
    K[at] = bits(Math.cbrt(number));
    at += 1;
  }

  function take(view, size) {
    for (let from = 0; from < size; from += 64) {
      for (let i = 0; i < 16; i += 1) W[i] = view.getInt32(from + 4 * i);
      for (let i = 16; i < 64; i += 1) {
        const x = W[i - 15], y = W[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
      }
      let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
      for (let i = 0; i < 64; i += 1) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const one = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
    }
  }

  onmessage = async ({ data: file }) => {
    let at = 0;
    for (; at + PIECE <= file.size; at += PIECE) take(new DataView(await file.slice(at, at + PIECE).arrayBuffer()), PIECE);
    const rest = new Uint8Array(await file.slice(at).arrayBuffer());
    const last = new Uint8Array(Math.ceil((rest.length + 9) / 64) * 64), view = new DataView(last.buffer);
    last.set(rest);
    last[rest.length] = 0x80;
    view.setBigUint64(last.length - 8, BigInt(file.size) * 8n);
    take(view, last.length);
    postMessage([...H].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(""));
  };
})();
