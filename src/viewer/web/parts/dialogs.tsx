/** Dialogs: all keys, and what can be copied. */
import { useEffect, useRef } from 'preact/hooks';
import { copy, COPY_FORMS, isCopyOpen, toCopyByHand } from '../copy.ts';
import { KEYS } from '../keys.ts';
import { setSingleKeys, singleKeys } from '../settings.ts';
import { isHelpOpen } from '../state.ts';

type Element = preact.JSX.Element;

export function Dialogs(): Element {
  return (
    <>
      {isHelpOpen.value && (
        <Dialog
          title="Keys"
          onClose={() => {
            isHelpOpen.value = false;
          }}
        >
          <table class="keys">
            <tbody>
              {KEYS.map(({ keys, about }) => (
                <tr key={keys.join()}>
                  <th scope="row">
                    {keys.map((key) => (
                      <kbd key={key}>{NAMES[key] ?? key}</kbd>
                    ))}
                  </th>
                  <td>{about}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>Wheel scrolls lanes, Shift and wheel moves, Ctrl and wheel zooms. A drag on the ruler chooses a range.</p>
          <p>
            Filter: words, <code>type:implement</code>, <code>state:wait:lock</code>, <code>state:failed</code>, <code>&gt;30s</code>,{' '}
            <code>cost&gt;0.10</code>.
          </p>
          <p>
            <label>
              <input
                type="checkbox"
                checked={singleKeys.value}
                onChange={(event) => {
                  setSingleKeys(event.currentTarget.checked);
                }}
              />{' '}
              Single letters are keys
            </label>
          </p>
        </Dialog>
      )}
      {isCopyOpen.value && (
        <Dialog
          title="Copy as"
          onClose={() => {
            isCopyOpen.value = false;
          }}
        >
          <ul class="choices">
            {COPY_FORMS.map((form) => (
              <li key={form.name}>
                <button
                  type="button"
                  onClick={() => {
                    void copy(form);
                  }}
                >
                  {form.name}
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
      {toCopyByHand.value !== undefined && (
        <Dialog
          title="Copy this"
          onClose={() => {
            toCopyByHand.value = undefined;
          }}
        >
          <textarea
            readonly
            rows={8}
            aria-label="Text to copy"
            value={toCopyByHand.value}
            onFocus={(event) => {
              event.currentTarget.select();
            }}
          />
        </Dialog>
      )}
    </>
  );
}

const NAMES: Readonly<Record<string, string>> = { ' ': 'space', ArrowRight: '→', ArrowLeft: '←', ArrowDown: '↓', ArrowUp: '↑' };

/** The browser keeps the focus inside, and gives it back. */
function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: preact.ComponentChildren;
}): Element {
  const own = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    own.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={own} aria-label={title} onClose={onClose}>
      <div class="drawer-head">
        <h2>{title}</h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  );
}
