// A condition as it is written, with what could come next in a list below it.
import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { completionAt, taken, type Completion, type Option } from "./completion.ts";
import type { NameAtStep } from "./shapes.ts";
import "./condition.css";

const NOTHING: Completion = { from: 0, to: 0, options: [] };

export function CelInput(props: {
  label: string;
  value: string;
  names: readonly NameAtStep[];
  onChange: (value: string) => void;
  onEnter?: () => void;
  placeholder?: string;
  wrong?: boolean;
  describedBy?: string;
}): ReactNode {
  const id = useId();
  const list = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const found = useMemo(
    () => (asked === null ? NOTHING : completionAt(props.value, asked, props.names)),
    [asked, props.value, props.names],
  );
  const [at, setAt] = useState(0);
  const open = found.options.length > 0;

  useLayoutEffect(() => {
    if (caret.current === null || !input.current) return;
    input.current.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const look = (position: number | null): void => {
    setAsked(position);
    setAt(0);
  };
  const take = (option: Option): void => {
    const next = taken(props.value, found, option);
    caret.current = next.caret;
    props.onChange(next.text);
    look(option.kind === "sign" ? next.caret : null);
    input.current?.focus();
  };
  const inList = (event: KeyboardEvent): boolean => {
    const count = found.options.length;
    const option = found.options[at];
    if (event.key === "ArrowDown") setAt((at + 1) % count);
    else if (event.key === "ArrowUp") setAt((at + count - 1) % count);
    else if ((event.key === "Enter" || event.key === "Tab") && option) take(option);
    else if (event.key === "Escape") look(null);
    else return false;
    return true;
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (open && !event.shiftKey && inList(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if ((event.ctrlKey && event.key === " ") || (event.key === "ArrowDown" && event.altKey)) {
      event.preventDefault();
      look(event.currentTarget.selectionStart);
    } else if (event.key === "Enter") {
      event.preventDefault();
      props.onEnter?.();
    }
  };

  return (
    <div className="cnd-input">
      <label htmlFor={id}>{props.label}</label>
      <textarea
        id={id}
        ref={input}
        className="input mono"
        rows={Math.max(1, Math.min(4, Math.ceil(props.value.length / 38)))}
        value={props.value}
        placeholder={props.placeholder}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={list}
        aria-activedescendant={open ? `${list}-${at}` : undefined}
        aria-invalid={props.wrong ?? false}
        aria-describedby={props.describedBy}
        onChange={(event) => {
          const text = event.target.value.replaceAll("\n", " ");
          props.onChange(text);
          look(event.target.selectionStart);
        }}
        onKeyDown={keys}
        onClick={(event) => {
          if (props.value === "") look(event.currentTarget.selectionStart);
        }}
        onBlur={() => look(null)}
      />
      <Options id={list} found={found} at={at} onTake={take} />
    </div>
  );
}

function Options(props: {
  id: string;
  found: Completion;
  at: number;
  onTake: (option: Option) => void;
}): ReactNode {
  const chosen = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    chosen.current?.scrollIntoView({ block: "nearest" });
  }, [props.at, props.found]);
  return (
    <ul id={props.id} role="listbox" aria-label="What can be written here" className="cnd-options" hidden={props.found.options.length === 0}>
      {props.found.options.map((option, number) => (
        <li
          key={`${option.kind}:${option.label}`}
          id={`${props.id}-${number}`}
          ref={number === props.at ? chosen : undefined}
          role="option"
          aria-selected={number === props.at}
          onMouseDown={(event) => {
            event.preventDefault();
            props.onTake(option);
          }}
        >
          <span className="mono">{option.label}</span>
          <span className="quiet-text">{option.about}</span>
        </li>
      ))}
    </ul>
  );
}
