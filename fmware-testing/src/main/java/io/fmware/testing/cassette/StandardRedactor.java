package io.fmware.testing.cassette;

import io.fmware.event.Redactor;
import java.util.function.Supplier;

/** Stands for a redactor that was not named. */
final class StandardRedactor implements Supplier<Redactor> {

    @Override
    public Redactor get() {
        return Redactor.standard();
    }
}
