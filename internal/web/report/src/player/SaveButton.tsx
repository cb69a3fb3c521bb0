import { useState } from 'react';

import { Button } from '../design/Button';
import { useLocale } from '../locale';
import { control } from './listen';

/** Saves a recording as a file; says so where that did not work. */
export function SaveButton({ contactId, index }: { contactId: string; index: number }) {
  const { words } = useLocale();
  const [failed, setFailed] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        icon="download"
        onPress={() => control((player) => player.save(contactId, index).then((saved) => setFailed(!saved)))}>
        {words.player.save}
      </Button>
      {failed && (
        <p className="player-note" role="alert">
          {words.player.saveFailed}
        </p>
      )}
    </>
  );
}
