import './signin.css';

import { type FormEvent, useEffect, useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';

import { Button } from '../design/Button';
import { Icon } from '../design/Icon';
import { Mark } from '../design/Mark';
import { useLocale, type Words } from '../locale';
import { signInOptions, type SignInOptions } from './options';
import type { Session } from './session';
import { signIn } from './start';

type Out = Extract<Session, { state: 'out' }>;

/** The way in: an API key, or the provider where one is configured. */
export function SignIn({ session }: { session: Out }) {
  const { words } = useLocale();
  const [options, setOptions] = useState<SignInOptions | null>(null);
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    signInOptions().then(
      (answer) => gone || setOptions(answer),
      () => {},
    );
    return () => {
      gone = true;
    };
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = key.trim();
    if (!token) return setFault(words.session.keyEmpty);
    if (!token.startsWith('kky_')) return setFault(words.session.keyShape);
    setBusy(true);
    void signIn(token, 'key').finally(() => setBusy(false));
  };
  const byProvider = async () => {
    if (!options?.oidc) return;
    setBusy(true);
    try {
      await (await import('./oidc')).begin(options.oidc);
    } catch {
      setFault(words.session.oidcFailed);
      setBusy(false);
    }
  };

  return (
    <div className="sign-in">
      <Mark />
      <h1 className="sign-in-title">{words.session.title}</h1>
      <p className="sign-in-lead">{words.session.lead}</p>
      <Notice session={session} words={words} />
      {options?.oidc && (
        <>
          <Button look="primary" icon="user" isDisabled={busy} onPress={() => void byProvider()}>
            {words.session.oidc}
          </Button>
          <p className="sign-in-or">{words.session.or}</p>
        </>
      )}
      <Form className="sign-in-form" onSubmit={submit} validationBehavior="aria">
        <TextField
          className="field"
          type="password"
          autoComplete="off"
          value={key}
          isInvalid={fault !== null}
          onChange={(value) => {
            setKey(value);
            setFault(null);
          }}>
          <Label className="field-label">{words.session.key}</Label>
          <Input className="input" autoFocus spellCheck="false" />
          <Text slot="description" className="field-hint">
            {words.session.keyHint}
          </Text>
          <FieldError className="field-error">{fault}</FieldError>
        </TextField>
        <Button type="submit" look={options?.oidc ? 'secondary' : 'primary'} isDisabled={busy}>
          {busy ? words.session.signingIn : words.session.signIn}
        </Button>
      </Form>
      {options?.key && (
        <Button look="quiet" isDisabled={busy} onPress={() => void signIn(options.key!, 'demo')}>
          {words.session.demo}
        </Button>
      )}
      <p className="sign-in-note">
        <Icon name="lock" /> {words.session.tabOnly}
      </p>
    </div>
  );
}

/** Why one is asked to sign in, where there is something to say. */
function Notice({ session: { why, message }, words }: { session: Out; words: Words }) {
  if (why === 'fresh') return null;
  const text = {
    left: words.session.left,
    expired: words.session.expired,
    refused: message ?? words.session.refused,
    failed: message ?? words.session.unreachable,
  }[why];
  return (
    <p
      className={why === 'left' ? 'sign-in-notice' : 'sign-in-notice sign-in-notice-bad'}
      role={why === 'left' ? 'status' : 'alert'}>
      {text}
    </p>
  );
}
