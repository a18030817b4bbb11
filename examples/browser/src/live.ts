// The second tab: it shows the training of the page that is open in another one.
import { mountLive } from '@vogjs/explorer/live';

mountLive(document.getElementById('live')!);
