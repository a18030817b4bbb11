import { testBackends } from '../support/backend.js';
import { testHalf } from './half.js';

testHalf(0, testBackends());
