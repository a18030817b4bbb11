/** A share as a bar; what it means stands beside it in words. */
export function Meter({ share, muted = false }: { readonly share: number; readonly muted?: boolean }) {
  return (
    <span class={muted ? 'meter muted' : 'meter'} aria-hidden="true">
      <span style={{ width: `${100 * Math.min(1, Math.max(0, share))}%` }} />
    </span>
  );
}
