/** The words of “Generuj” and “Pliki do pobrania”. */
export const files = {
  generate: 'Generuj',
  downloads: 'Pliki do pobrania',
  close: 'Zamknij',
};
