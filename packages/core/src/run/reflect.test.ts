import './reflect.js';
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

interface Metadata {
  defineMetadata(key: unknown, value: unknown, target: object, property?: string): void;
  getMetadata(key: unknown, target: object, property?: string): unknown;
  getOwnMetadata(key: unknown, target: object, property?: string): unknown;
  hasOwnMetadata(key: unknown, target: object, property?: string): boolean;
  getOwnMetadataKeys(target: object, property?: string): unknown[];
  deleteMetadata(key: unknown, target: object, property?: string): boolean;
}
const metadata = Reflect as unknown as Metadata;
class Parent {
  readonly name = 'parent';
}
class Child extends Parent {}

const test = suite('metadata of classes');

test('a class has its own, and its parent’s unless that is asked for as its own; properties have theirs', () => {
  metadata.defineMetadata('key', 1, Parent);
  metadata.defineMetadata('key', 2, Child, 'property');
  assert.equal([metadata.getMetadata('key', Child), metadata.getOwnMetadata('key', Child)], [1, undefined]);
  assert.equal([metadata.getMetadata('key', Child, 'property'), metadata.getMetadata('other', Child)], [2, undefined]);
  assert.equal([metadata.hasOwnMetadata('key', Parent), metadata.hasOwnMetadata('key', Child)], [true, false]);
  assert.equal(metadata.getOwnMetadataKeys(Parent), ['key']);
  metadata.defineMetadata('key', 3, Child);
  assert.equal([metadata.getMetadata('key', Child), metadata.getMetadata('key', Parent)], [3, 1]);
  assert.equal([metadata.deleteMetadata('key', Child), metadata.deleteMetadata('key', Child)], [true, false]);
  assert.is(metadata.getMetadata('key', Child), 1);
});

test('reflect-metadata, loaded later, reads what was kept here and keeps new classes itself', () => {
  metadata.defineMetadata('before', 'ours', Parent);
  const before = metadata.defineMetadata;
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  assert.is.not(metadata.defineMetadata, before, 'the package is in place');
  assert.is(metadata.getMetadata('before', Child), 'ours');
  metadata.defineMetadata('after', 'theirs', Parent);
  assert.equal([metadata.getMetadata('after', Child), metadata.getOwnMetadata('before', Parent)], ['theirs', 'ours']);
  class Fresh extends Child {}
  metadata.defineMetadata('after', 'fresh', Fresh);
  assert.is(metadata.getMetadata('after', Fresh), 'fresh');
});

test.run();
