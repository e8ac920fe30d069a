/** What a person set for this browser: whether single letters are keys. */
import { signal } from '@preact/signals';

const KEY = 'swarmscope-single-keys';

export const singleKeys = signal(stored());

export function setSingleKeys(isOn: boolean): void {
  singleKeys.value = isOn;
  try {
    localStorage.setItem(KEY, isOn ? 'on' : 'off');
  } catch {
    // SecurityError: storage is switched off; the choice lasts as long as the page.
  }
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    // SecurityError: storage is switched off.
    return true;
  }
}
