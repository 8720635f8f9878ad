// One rule: react-querybuilder keeps the tree, our own rows draw it.

import { useState } from "preact/hooks";
import { QueryBuilder } from "react-querybuilder";
import { Condition } from "./condition.jsx";
import { Group } from "./group.jsx";
import { TryIt } from "./try_it.jsx";

const CONTROLS = { rule: Condition, ruleGroup: Group };

/** `start` is read once; afterwards the builder holds the rule and reports each change. */
export function Builder({ start, context, textarea, onChange }) {
  const [query] = useState(start);
  return (
    <>
      <QueryBuilder
        defaultQuery={query}
        context={context}
        controlElements={CONTROLS}
        enableMountQueryChange={false}
        onQueryChange={onChange}
      />
      {textarea.dataset.tryUrl && <TryIt textarea={textarea} id={context.id} />}
    </>
  );
}
