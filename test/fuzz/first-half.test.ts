// Only with --all: it generates 50 networks a backend
import { testBackends } from '../support/backend.js';
import { testHalf } from './half.js';

testHalf(0, testBackends());
