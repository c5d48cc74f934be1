package io.fmware.cost;

import io.fmware.FmRun;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of a budget, one for each key. Bounded: accounts of runs that have ended and of a period that is over are given up
 * for new ones; where there are none of these, new keys share one account, so that what is spent is never forgotten.
 *
 * <p>One lock for all, held for well under a microsecond, but where accounts are looked through: a call of a model takes a million
 * times as long. Thread-safe.
 */
final class Accounts {
    /** Equal to nothing that a user may choose. */
    private static final Object OTHERS = new Object();

    private static final int SWEEP = 256;

    private final long limit;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Account> named = new LinkedHashMap<>(16, .75f, true); // the longest unused first
    private final Map<Object, Account> weak = new WeakHashMap<>();
    private int nextSweep = SWEEP;
    private int missed;

    Accounts(long limit, int most) {
        this.limit = limit;
        this.most = most;
    }

    /** A part of a budget that nobody else may have. */
    record Reservation(Account account, long amount) {}

    /**
     * What came of asking for a reservation.
     *
     * @param granted the reservation, {@code null} where too little is left
     * @param spent what was spent, before
     * @param reserved what was reserved, before
     * @param period the period that this is of
     */
    record Answer(@Nullable Reservation granted, long spent, long reserved, long period) {}

    /**
     * Reserves.
     *
     * @param key whose budget
     * @param held whether the key is held weakly, by an object that somebody else keeps for as long as it matters
     * @param period the number of the period; the one before an open one is over, and is never opened again
     * @param least what has to be had
     * @param wanted what is taken where it is there
     */
    Answer reserve(Object key, boolean held, long period, long least, long wanted) {
        lock.lock();
        try {
            return reserve(account(held ? weak : named, key, period), least, wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Reserves of an account that nobody else has, and that nobody keeps. */
    Answer reserveAlone(long period, long least, long wanted) {
        return reserve(new Account(period), least, wanted);
    }

    private Answer reserve(Account account, long least, long wanted) {
        long left = account.left(limit);
        long spent = account.spent();
        long reserved = account.reserved();
        if (left < least) {
            return new Answer(null, spent, reserved, account.period());
        }
        long amount = Math.min(left, wanted);
        account.reserve(amount);
        return new Answer(new Reservation(account, amount), spent, reserved, account.period());
    }

    /** Ends a reservation: what it really took is spent, the rest is given back. */
    void settle(Reservation reservation, long actual) {
        lock.lock();
        try {
            reservation.account().settle(reservation.amount(), actual, limit);
        } finally {
            lock.unlock();
        }
    }

    /** The numbers of an account: spent, reserved, overdrawn. */
    long[] read(Object key, boolean held, long period) {
        lock.lock();
        try {
            Account account = (held ? weak : named).get(key);
            return account == null || account.period() < period
                    ? new long[] {0, 0, 0}
                    : new long[] {account.spent(), account.reserved(), account.overdrawn()};
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return named.size() + weak.size();
        } finally {
            lock.unlock();
        }
    }

    private Account account(Map<Object, Account> accounts, Object key, long period) {
        Account known = accounts.get(key);
        if (known != null && known.isOpenIn(period)) {
            return known;
        }
        Object at = key;
        if (known == null && !hasRoom(accounts, period)) {
            at = OTHERS;
            known = accounts.get(OTHERS);
            if (known != null && known.isOpenIn(period)) {
                return known;
            }
        }
        Account opened = new Account(period);
        accounts.put(at, opened);
        return opened;
    }

    /** Open reservations keep the accounts that are given up for themselves. */
    private boolean hasRoom(Map<Object, Account> accounts, long period) {
        return accounts == weak ? hasRoomForRun(period) : hasRoomForName(period);
    }

    /** Gives up accounts of runs that have ended, now and then, and before there is no room. */
    private boolean hasRoomForRun(long period) {
        boolean full = !isBelowMost(weak);
        // Where all is full of runs that go on, a look through them takes a good part of a millisecond and finds
        // nothing.
        if (weak.size() >= nextSweep || (full && missed++ % SWEEP == 0)) {
            weak.entrySet().removeIf(each -> isOver(each.getKey(), each.getValue(), period));
            nextSweep = weak.size() + SWEEP;
            missed = isBelowMost(weak) ? 0 : 1;
        }
        return isBelowMost(weak);
    }

    private static boolean isOver(Object key, Account account, long period) {
        return key != OTHERS && (account.period() < period || (key instanceof FmRun run && run.hasEnded()));
    }

    /** Gives up accounts that were not used for longest, if their period is over. */
    private boolean hasRoomForName(long period) {
        Iterator<Account> eldest = named.values().iterator();
        while (!isBelowMost(named)) {
            if (!eldest.hasNext() || eldest.next().period() >= period) {
                return false;
            }
            eldest.remove();
        }
        return true;
    }

    private boolean isBelowMost(Map<Object, Account> accounts) {
        return accounts.size() - (accounts.containsKey(OTHERS) ? 1 : 0) < most;
    }
}
