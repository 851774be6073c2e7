/** Files of lib/ that export nothing of their own name, each with its reason: `house/file-export` lets them be. */
export const vocabularies = {
  // entry points: what users import
  'lib/devtools.ts': 'an entry point',
  'lib/index.ts': 'an entry point',
  'lib/nats.ts': 'an entry point',
  'lib/node.ts': 'an entry point',
  'lib/sql.ts': 'an entry point',
  'lib/testing.ts': 'an entry point',
  'lib/timeline.ts': 'an entry point',
  'lib/vega.ts': 'an entry point',
  'lib/web.ts': 'an entry point',

  // a Mac takes EventBroker.ts and eventBroker.ts for one file
  'broker/Broker.ts': 'the type EventBroker',

  // words that are read together
  'source/disk/errors.ts': 'the errors of its folder',
  'source/disk/buffer/errors.ts': 'the errors of its folder',
  'source/disk/recordings/errors.ts': 'the errors of its folder',
  'source/socket/errors.ts': 'the errors of its folder',
  'nats/sink/errors.ts': 'the errors of its folder',
  'store/errors.ts': 'the errors of its folder',
  'store/sql/errors.ts': 'the errors of its folder',
  'nats/source/errors.ts': 'the errors of its folder',
  'web/port/errors.ts': 'the errors of its folder',
  'nats/streamNames.ts': 'the checks of names in NATS',
  'flow/settlement/errors.ts': 'the errors of its folder',
  'flow/contract/options.ts': 'the checks that options are made of',
  'flow/contract/deliveryOptions.ts': 'the checks of the options of a delivery',
  'source/disk/optionChecks.ts': 'the checks that only the disk needs',
  'store/blocks.ts': 'what a block is, from its mark to its commit',
  'vega/envelope/tags.ts': 'the legend of the tags',
  'vega/payloads/blocks.ts': 'the payloads about blocks',
  'vega/payloads/markets.ts': 'the payloads about markets',
  'vega/payloads/orders.ts': 'the payloads about orders',
  'vega/payloads/parties.ts': 'the payloads about parties',
  'vega/wire/contents.ts': 'the fields that have a length',
  'vega/wire/scalars.ts': 'the fields that have none',

  // a format: how to read it and how to write it
  'source/disk/format/bytes.ts': 'words and counts as bytes',
  'source/disk/format/checksums.ts': 'the file of checksums',
  'source/disk/format/cursorSlot.ts': 'a slot of the cursor',
  'source/disk/format/parkingRecord.ts': 'a line of the journal of a parking',
  'source/disk/format/fileName.ts': 'the names of files',
  'source/disk/format/gzipHeader.ts': 'the header of a gzip member',
  'source/disk/format/record.ts': 'a record of a file',
  'nats/messageId.ts': 'the id of a message',
  'source/socket/frame.ts': 'a frame of the protocol',
  'vega/wire/text.ts': 'a text as bytes',

  // pure functions over one thing
  'timeline/view/times.ts': 'times in words, and those of an axis',
  'timeline/view/entries.ts': 'what of a lane can be pointed at',
  'timeline/view/decimate.ts': 'what of a lane is drawn in so many pixels',

  // one idea in several functions
  'testing/contractSteps.ts': 'the steps of the contract of a store',
  'testing/parkingSteps.ts': 'the steps of the contract of a parking',
  'flow/clock.ts': 'time by a scheduler: read it, wait for it',
  'flow/mailbox/retryInPlace.ts': 'whether to retry, and after what',
  'flow/pull/iterators.ts': 'what is asked of an iterator of a user',
  'source/disk/buffer/acknowledge.ts': 'the two ways to acknowledge',
  'source/disk/buffer/copyFile.ts': 'to move by copy, and to compress',
  'source/disk/buffer/unchecked.ts': 'records without a checksum: read them, write their checksums',
  'source/disk/buffer/fileSystem/holder.ts': 'who holds a lock, and whether it lives',
  'source/disk/buffer/fileSystem/lockFile.ts': 'the file of a lock: write it, read it',
  'store/progress.ts': 'how far a store is: check it, compare it, move it on',
  'store/sql/tableStatements.ts': 'the statements of a table',
  'testing/probes/Probe.ts': 'the two kinds of probe and their options',

  // a helper of `runMarbles`: its type, and how a run makes it
  'testing/marbles/expectValue.ts': 'the type ExpectValue, and expectValueIn',
  'testing/marbles/level.ts': 'the type Level, and levelIn',
  'testing/marbles/pausableCold.ts': 'the type PausableCold, and pausableHelpers',
  'testing/marbles/promised.ts': 'the type Promised, and promisedIn',
};
