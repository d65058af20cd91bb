// The keys, in a list.

import type { ReactNode } from "react";
import { Dialog } from "./dialog.tsx";
import { KEYS } from "./keys.ts";

export function Help({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([key, words]) => (
          <div key={key}>
            <dt><kbd>{key}</kbd></dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
