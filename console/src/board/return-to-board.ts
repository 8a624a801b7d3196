/** Moves the focus to the board, because the element that has it may be removed by what follows. */
export function returnToBoard(act: () => void): void {
  document.getElementById('board')?.focus();
  act();
}
