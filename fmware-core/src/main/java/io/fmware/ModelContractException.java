package io.fmware;

/**
 * A model broke its contract: it returned nothing, completed a stream with nothing, or signalled an error that is none. Asking
 * it again or another model may help.
 */
public final class ModelContractException extends FmwareException {
    private static final long serialVersionUID = 1L;

    ModelContractException(String message) {
        super(message, null);
    }
}
