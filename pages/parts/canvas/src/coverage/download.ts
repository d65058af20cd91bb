import type { Api } from "../api.ts";
import { queryOf, type Counted } from "./rows.ts";

/** Give the person a file. */
function give(name: string, words: string, type: string): void {
  const address = URL.createObjectURL(new Blob([words], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}

/** The coverage of a saved flow as Cobertura XML. */
export async function downloadCobertura(api: Api, flow: string, counted: Counted, solve: boolean): Promise<void> {
  const query = queryOf(counted, solve ? { solve: "true" } : {});
  const words = await api.text(`/flows/${encodeURIComponent(flow)}/coverage.xml?${query}`);
  give("coverage.xml", words, "application/xml");
}
