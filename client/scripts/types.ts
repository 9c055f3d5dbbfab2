// Checks the types of every room, each with the options of its own tsconfig. Exit 1 when any has an error.
import { ROOMS, roomsWithErrors } from './lib/rooms.ts';

const failed = await roomsWithErrors();
console.log(failed.length === 0 ? `types: ${ROOMS.length} rooms checked` : `types: errors in ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
