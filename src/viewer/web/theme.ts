/** Dark or light: as the system says, unless the person chose. */
import { computed, effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'swarmscope-theme';
const query = matchMedia('(prefers-color-scheme: dark)');

const isSystemDark = signal(query.matches);
export const chosenTheme = signal<Theme>(stored());
export const theme = computed<'light' | 'dark'>(() => {
  if (chosenTheme.value !== 'auto') return chosenTheme.value;
  return isSystemDark.value ? 'dark' : 'light';
});

export function nextTheme(): void {
  const order: readonly Theme[] = ['auto', 'light', 'dark'];
  chosenTheme.value = order[(order.indexOf(chosenTheme.value) + 1) % order.length] ?? 'auto';
  try {
    localStorage.setItem(KEY, chosenTheme.value);
  } catch {
    // SecurityError: storage is switched off; the choice lasts as long as the page.
  }
}

export function followTheme(): void {
  query.addEventListener('change', ({ matches }) => {
    isSystemDark.value = matches;
  });
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
}

function stored(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return text === 'light' || text === 'dark' ? text : 'auto';
  } catch {
    // SecurityError: storage is switched off.
    return 'auto';
  }
}
