/** The words of the details panel and of the way through the IVR. */
export const details = {
  title: 'Szczegóły kontaktu',
  close: 'Zamknij',
};
