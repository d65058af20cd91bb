// The component's door: Streamlit calls the default export at each run of the page.

import { createRoot, type Root } from "react-dom/client";
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
  about: string;
  component: Component;
  given: string;
}

const SELECTED_AFTER = 500;
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
      now.store.receive(data);
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
  const store = new FlowStore(data, teller(() => made.component ?? component));
  root.render(
    <StoreContext value={store}>
      <App />
    </StoreContext>,
  );
  return Object.assign(made, { root, store, about, component, given });
}

function close(parentElement: HTMLElement | ShadowRoot): void {
  const now = mounted.get(parentElement);
  if (!now) return;
  mounted.delete(parentElement);
  now.store.close();
  now.root.unmount();
  parentElement.querySelector(".gr-root")?.remove();
}

/** What Python is told; a selection only once it rests, because each word runs the page again. */
function teller(component: () => Component): Tell {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: string | null = component().data.selected;
  return {
    selected(id) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (id === last) return;
        last = id;
        component().setStateValue("selected", id);
      }, SELECTED_AFTER);
    },
    saved: (version) => component().setTriggerValue("saved", { version }),
    opened: (room, params) => component().setTriggerValue("opened", { room, params }),
    debugged: (session) => component().setTriggerValue("debugged", { session }),
  };
}
