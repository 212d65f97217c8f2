// The plotting library: asked for by the first view that draws with it.

/** D3, once it is there. */
export async function plots() {
  await import("../vendor/d3/d3.min.js");
  return globalThis.d3;
}
