import { checkArgument, checkOf } from '@vogjs/base';
import { callable, declareOptions, text } from '@vogjs/base/options';
import { render } from 'preact';
import type { mountLive as Declared } from '../../live-view.js';
import { BroadcastView } from './broadcast-view.js';
import { Broadcasts } from './broadcasts.js';
import styles from './mounted.css?inline';

const options = declareOptions('mountLive', {
  channel: text().default('vogjs').about('Name of the BroadcastChannel, the same in the page that trains.'),
  onOpen: callable<(row: number) => void>()
    .optional('examples cannot be opened')
    .about('Told which of the hardest examples was pressed, by its position in the probe.'),
});
const element = checkOf('an element of the page', (value) => value instanceof Element);

export const mountLive: typeof Declared = (place, given = {}) => {
  checkArgument('mountLive', 'where it is shown', place, element);
  const { channel, onOpen } = options.resolve(given);
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  // By script: a page's policy may forbid style elements.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  const broadcasts = new Broadcasts(channel);
  render(<BroadcastView broadcasts={broadcasts} onOpen={onOpen ?? null} />, root);
  return {
    close() {
      broadcasts.close();
      render(null, root);
    },
  };
};
