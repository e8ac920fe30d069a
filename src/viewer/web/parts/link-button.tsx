/** A button that reads as a link: it changes what the page shows, and leads to no other document. */

export function LinkButton({
  onClick,
  indentPx,
  title,
  children,
}: {
  readonly onClick: () => void;
  readonly indentPx?: number;
  readonly title?: string | undefined;
  readonly children: preact.ComponentChildren;
}): preact.JSX.Element {
  return (
    <button
      type="button"
      class="link"
      onClick={onClick}
      title={title}
      style={indentPx === undefined ? {} : { 'padding-left': `${indentPx}px` }}
    >
      {children}
    </button>
  );
}
