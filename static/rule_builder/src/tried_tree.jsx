// What each condition saw in one event. Never by colour alone: a sign and a word say it too.

export const VERDICTS = {
  match: { sign: "✓", word: "Holds", whole: "Would start it" },
  no_match: { sign: "✕", word: "Does not hold", whole: "Would not start it" },
  unknown: { sign: "?", word: "Not known", whole: "Not known, so it would not start it" },
};

function Verdict({ verdict }) {
  const { sign, word } = VERDICTS[verdict];
  return (
    <>
      <span class="rb-mark" aria-hidden="true">
        {sign}
      </span>
      <span class="rb-for-readers">{word}: </span>
    </>
  );
}

function groupWords({ combinator, not }) {
  if (combinator === "or") return not ? "None of" : "Any of";
  return not ? "Not all of" : "All of";
}

function Leaf({ node }) {
  return (
    <li class={`rb-leaf rb-${node.verdict}`}>
      <Verdict verdict={node.verdict} />
      <span>
        {node.sentence} <span class="rb-seen">here: {node.seen}</span>
      </span>
    </li>
  );
}

function Branch({ node }) {
  return (
    <li class={`rb-branch rb-${node.verdict}`}>
      <p class="rb-leaf">
        <Verdict verdict={node.verdict} />
        <span>{groupWords(node)}</span>
      </p>
      <Nodes rules={node.rules} />
    </li>
  );
}

function Nodes({ rules }) {
  return (
    <ul class="rb-nodes">
      {rules.map((node, at) => (node.rules ? <Branch key={at} node={node} /> : <Leaf key={at} node={node} />))}
    </ul>
  );
}

/** A root that simply wants all of its conditions says nothing of its own. */
export function Tree({ root }) {
  if (root.rules.length === 0) return <p>No conditions: every such event counts.</p>;
  const isPlain = root.combinator === "and" && !root.not;
  return <Nodes rules={isPlain ? root.rules : [root]} />;
}
