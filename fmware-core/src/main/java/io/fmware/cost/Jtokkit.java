package io.fmware.cost;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** The one class that needs jtokkit. */
final class Jtokkit {

    private Jtokkit() {}

    static TextTokens load(String encoding) {
        EncodingType type = EncodingType.fromName(encoding).orElseThrow();
        Encoding loaded = Encodings.newLazyEncodingRegistry().getEncoding(type);
        return loaded::countTokensOrdinary; // a user may well write <|endoftext|>
    }
}
