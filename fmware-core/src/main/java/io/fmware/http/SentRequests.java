package io.fmware.http;

import io.fmware.FmCall;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.net.URI;

/** Tells the call and the run of this thread that a request goes out, and to which server. */
final class SentRequests {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private SentRequests() {}

    static void note(String method, URI uri) {
        FmCall.requestSent();
        String host = uri.getHost();
        if (host == null) {
            return;
        }
        boolean bracketed = host.startsWith("["); // IPv6
        String address = bracketed ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() >= 0 ? uri.getPort() : usualPort(uri);
        FmRun.note(at -> new FmEvent.RequestSent(at, method, address, port));
    }

    private static int usualPort(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS : HTTP;
    }
}
