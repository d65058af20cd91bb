// The component's door: Streamlit calls the default export at each run of the page.

import { createRoot, type Root } from "react-dom/client";
import { Address, stepInAddress } from "./address.ts";
import { App } from "./app.tsx";
import { FlowStore, StoreContext, type Tell } from "./store.ts";
import type { CanvasData } from "./types.ts";

interface Component {
  data: CanvasData;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

interface Mounted {
  root: Root;
  store: FlowStore;
  address: Address;
  about: string;
  component: Component;
  given: string;
}

const mounted = new WeakMap<HTMLElement | ShadowRoot, Mounted>();

export default function draw(component: Component): () => void {
  const { data, parentElement } = component;
  const about = JSON.stringify([data.workspace, data.flow.id, data.mode]);
  let now = mounted.get(parentElement);
  if (now && now.about !== about) {
    close(parentElement);
    now = undefined;
  }
  const given = JSON.stringify(data);
  if (!now) mounted.set(parentElement, open(component, about, given));
  else {
    now.component = component;
    if (now.given !== given) {
      now.given = given;
      now.store.receive(now.address.asks(data.selected) ? data : { ...data, selected: null });
    }
  }
  return () => close(parentElement);
}

function open(component: Component, about: string, given: string): Mounted {
  const { parentElement, data } = component;
  const place = document.createElement("div");
  place.className = "gr-root";
  parentElement.append(place);
  const root = createRoot(place);
  const made: Partial<Mounted> = { component };
  const kept = data.views.length > 0;
  const selected = (kept && stepInAddress()) || data.selected;
  const address = new Address(selected, kept);
  const store = new FlowStore({ ...data, selected }, teller(() => made.component ?? component, address));
  root.render(
    <StoreContext value={store}>
      <App />
    </StoreContext>,
  );
  return Object.assign(made, { root, store, address, about, component, given });
}

function close(parentElement: HTMLElement | ShadowRoot): void {
  const now = mounted.get(parentElement);
  if (!now) return;
  mounted.delete(parentElement);
  now.address.close();
  now.store.close();
  now.root.unmount();
  parentElement.querySelector(".gr-root")?.remove();
}

/** What Python is told, each time with the step that is chosen. */
function teller(component: () => Component, address: Address): Tell {
  const tell = (name: string, told: object): void => component().setTriggerValue(name, { ...told, selected: address.selected });
  return {
    selected: address.choose,
    saved: (version) => tell("saved", { version }),
    opened: (room, params) => tell("opened", { room, params }),
    debugged: (session) => tell("debugged", { session }),
  };
}
