// "Try it": the rule as it stands in the form, asked of the newest events by the server.

import { useEffect, useState } from "preact/hooks";
import { Tree, VERDICTS } from "./tried_tree.jsx";

const LOST = "That did not work. Look at your connection, and try again.";
const STALE = "The conditions or the event changed. Try it again.";
const ABOUT_THE_EVENT = /^(.*_)?(event|kind)$/;

async function ask(url, form) {
  const answer = await fetch(url, {
    method: "POST",
    body: new FormData(form),
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

/** "3 of 10 would start it." */
function summary(tried) {
  const matching = tried.filter(({ verdict }) => verdict === "match").length;
  const events = tried.length === 1 ? "1 event" : `${tried.length} events`;
  return `${matching} of the newest ${events} would start it.`;
}

function Tried({ one, id, isOpen, onToggle }) {
  const { sign, whole } = VERDICTS[one.verdict];
  return (
    <li class={`rb-tried rb-${one.verdict}`}>
      <button
        type="button"
        class="rb-tried-line"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={onToggle}
      >
        <span class="rb-mark" aria-hidden="true">
          {sign}
        </span>
        <span class="rb-who">{one.who}</span>
        <span class="rb-at">{one.at}</span>
        <span class="rb-verdict">{whole}</span>
      </button>
      <div class="rb-tried-more" id={id} hidden={!isOpen}>
        {one.nearest && <p>{one.nearest}</p>}
        <Tree root={one.tree} />
      </div>
    </li>
  );
}

function Answer({ answer, id }) {
  const { errors, tried } = answer;
  const [open, setOpen] = useState(tried[0]?.id);
  return (
    <>
      {errors.map((sentence) => (
        <p key={sentence} class="rb-wrong">
          {sentence}
        </p>
      ))}
      {tried.length > 0 && <p>{summary(tried)}</p>}
      <ul class="rb-all-tried">
        {tried.map((one) => (
          <Tried
            key={one.id}
            one={one}
            id={`${id}-tried-${one.id}`}
            isOpen={one.id === open}
            onToggle={() => setOpen(one.id === open ? undefined : one.id)}
          />
        ))}
      </ul>
    </>
  );
}

/** Answers to another question must not stay beside this one. */
function useStale(textarea, setAnswer) {
  useEffect(() => {
    const { form } = textarea;
    const forget = ({ target }) => {
      if (target !== textarea && !ABOUT_THE_EVENT.test(target.name ?? "")) return;
      setAnswer((known) => known && { errors: [STALE], tried: [] });
    };
    form.addEventListener("input", forget);
    return () => form.removeEventListener("input", forget);
  }, [textarea]);
}

export function TryIt({ textarea, id }) {
  const [answer, setAnswer] = useState(undefined);
  const [isAsking, setAsking] = useState(false);
  useStale(textarea, setAnswer);
  const tryNow = async () => {
    if (isAsking) return;
    setAsking(true);
    setAnswer(undefined);
    try {
      setAnswer(await ask(textarea.dataset.tryUrl, textarea.form));
    } catch {
      setAnswer({ errors: [LOST], tried: [] });
    }
    setAsking(false);
  };
  return (
    <div class="rb-try">
      <button type="button" class="rb-button" aria-disabled={isAsking} onClick={tryNow}>
        Try it on recent events
      </button>
      <div class="rb-answer" aria-live="polite">
        {answer && <Answer answer={answer} id={id} />}
      </div>
    </div>
  );
}
