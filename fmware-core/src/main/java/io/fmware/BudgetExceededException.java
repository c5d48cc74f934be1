package io.fmware;

/** A call would cost more than is left of a budget; it was not sent to a model. Ask for less, or wait for a new budget. */
public final class BudgetExceededException extends FmwareException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses a call for want of money or tokens.
     *
     * @param message which budget, what is left of it, what the call may take, and the cure
     */
    public BudgetExceededException(String message) {
        super(message, null);
    }
}
