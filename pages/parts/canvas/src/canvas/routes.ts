// The routes of what is drawn now: worked out again only when a card stands or a way leads elsewhere.

import { createContext } from "react";
import { CARD } from "../model.ts";
import type { CanvasNode, WayEdge } from "./drawing.ts";
import { routesOf, type Box, type Route, type Wanted } from "./routing.ts";

export type Routes = ReadonlyMap<string, Route>;
export const RoutesContext = createContext<Routes>(new Map());

const HEAD = 7;

/** Keeps the last routes, and each route that stays as it was. */
export class Router {
  private known = "";
  private routes = new Map<string, Route>();

  of(nodes: readonly CanvasNode[], edges: readonly WayEdge[]): Routes {
    const cards = new Map(nodes.filter((node) => node.type === "step").map((node) => [node.id, node]));
    const boxes: Box[] = [...cards.values()].map((node) => ({ ...node.position, ...CARD }));
    const wanted = edges.map((edge) => wantedOf(edge, cards)).filter((one) => one !== null);
    const asked = JSON.stringify([boxes.map((box) => [box.x, box.y]), wanted]);
    if (asked === this.known) return this.routes;
    const old = this.routes;
    const now = routesOf(boxes, wanted);
    for (const [id, route] of now) {
      const before = old.get(id);
      if (before?.path === route.path) now.set(id, before);
    }
    this.known = asked;
    this.routes = now;
    return now;
  }
}

function wantedOf(edge: WayEdge, cards: ReadonlyMap<string, CanvasNode>): Wanted | null {
  const from = cards.get(edge.source);
  const to = cards.get(edge.target);
  const handle = from?.handles?.find((one) => one.id === edge.sourceHandle);
  if (!from || !to || !handle) return null;
  return {
    id: edge.id,
    goal: edge.target,
    from: [from.position.x + handle.x + (handle.width ?? 0) / 2, from.position.y + CARD.height],
    to: [to.position.x + CARD.width / 2, to.position.y - HEAD],
  };
}
