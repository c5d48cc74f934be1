package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is recognised, kind by kind, and what is just not. */
class RedactorKindsTest {
    private static final Redactor REDACTOR =
            Redactor.builder().key(new byte[16]).build();

    private static final String KINDS = """
            openai-key          | sk-<alnum48>                             | sk-<alnum12>
            openai-key          | sk-proj-<word74>T3BlbkFJ<word74>         | sk-proj-setup
            anthropic-key       | sk-ant-api03-<word93>AA                  | sk-ant-api03
            openrouter-key      | sk-or-v1-<hex64>                         | sk-or-v1-x
            langfuse-key        | sk-lf-<hex8>-<hex4>-<hex4>-<hex12>       | sk-lf-x
            groq-key            | gsk_<alnum52>                            | gsk_<alnum12>
            huggingface-token   | hf_<alnum34>                             | hf_hub_download
            replicate-token     | r8_<alnum37>                             | r8_unorm
            perplexity-key      | pplx-<alnum48>                           | pplx-api
            xai-key             | xai-<alnum80>                            | xai-sdk
            nvidia-key          | nvapi-<word64>                           | nvapi-x
            cerebras-key        | csk-<alnum48>                            | csk-x
            pinecone-key        | pcsk_<alnum5>_<alnum63>                  | pcsk_x
            langsmith-key       | lsv2_pt_<hex32>_<hex10>                  | lsv2_pt_x
            tavily-key          | tvly-<alnum32>                           | tvly-x
            aws-access-key-id   | AKIA<upper16>                            | AKIA<upper12>
            aws-bedrock-key     | ABSK<alnum120>                           | ABSK<alnum20>
            google-api-key      | AIza<word35>                             | AIza<word12>
            google-oauth        | ya29.<word80>                            | ya29.x
            google-oauth        | GOCSPX-<word28>                          | GOCSPX-x
            alibaba-key         | LTAI<alnum20>                            | LTAI<alnum8>
            digitalocean-token  | dop_v1_<hex64>                           | dop_v1_<hex16>
            cloudflare-key      | v1.0-<hex24>-<hex146>                    | v1.0-beta
            heroku-key          | HRKU-AA<word58>                          | HRKU-AA
            databricks-token    | dapi<hex32>-2                            | dapi<hex16>
            vault-token         | hvs.<word95>                             | hvs.read
            doppler-token       | dp.pt.<alnum43>                          | dp.pt.x
            pulumi-token        | pul-<hex40>                              | pul-<hex8>
            fly-token           | fo1_<word43>                             | fo1_x
            planetscale-token   | pscale_tkn_<word43>                      | pscale_tkn_x
            supabase-key        | sbp_<hex40>                              | sbp_x
            terraform-token     | <alnum14>.atlasv1.<word67>               | x.atlasv1.y
            azure-client-secret | a7b8Q~<word34>                           | a7b8Q~<word12>
            github-token        | ghp_<alnum36>                            | ghp_<alnum12>
            github-token        | github_pat_<alnum22>_<alnum59>           | github_pat_x
            gitlab-token        | glpat-<word20>                           | glpat-<word8>
            npm-token           | npm_<alnum36>                            | npm_config_cache
            pypi-token          | pypi-AgEIcHlwaS5vcmc<word70>             | pypi-AgEx
            rubygems-token      | rubygems_<hex48>                         | rubygems_<hex8>
            docker-token        | dckr_pat_<word27>                        | dckr_pat_x
            sonar-token         | squ_<hex40>                              | squ_<hex8>
            sourcegraph-token   | sgp_<hex16>_<hex40>                      | sgp_x
            artifactory-key     | AKCp<alnum69>                            | AKCp<alnum9>
            atlassian-token     | ATATT3<word180>=<upper8>                 | ATATT3x
            bitbucket-token     | ATBB<alnum32>                            | ATBBx
            postman-key         | PMAK-<hex24>-<hex34>                     | PMAK-<hex8>
            age-key             | AGE-SECRET-KEY-1<upper58>                | AGE-SECRET-KEY-1
            jwt                 | eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.<word43> | eyJhbGciOiJIUzI1NiJ9
            slack-token         | xoxb-<digit11>-<digit12>-<alnum24>       | xoxb-x
            slack-token         | xoxe.xoxp-1-<upper163>                   | xoxe.xoxp-1
            slack-webhook       | hooks.slack.com(/services/T<upper9>/B<upper9>/<alnum24>) | hooks.slack.com/docs
            discord-webhook     | discord.com/api/webhooks/(<digit18>/<word68>) | discord.com/api/webhooks/list
            stripe-key          | sk_live_<alnum24>                        | sk_live_x
            stripe-key          | whsec_<alnum32>                          | whsec_x
            twilio-key          | SK<hex32>                                | SK<hex16>
            mailgun-key         | key-<hex32>                              | key-<hex16>
            brevo-key           | xkeysib-<hex64>-<alnum16>                | xkeysib-x
            shopify-token       | shpat_<hex32>                            | shpat_<hex8>
            square-token        | sq0atp-<word22>                          | sq0atp-x
            easypost-key        | EZAK<alnum54>                            | EZAK<alnum8>
            flutterwave-key     | FLWSECK-<hex32>-X                        | FLWSECK-x
            shippo-token        | shippo_live_<hex40>                      | shippo_live_x
            grafana-token       | glsa_<alnum32>_<hex8>                    | glsa_x
            linear-key          | lin_api_<alnum40>                        | lin_api_x
            notion-token        | ntn_<digit11><alnum35>                   | ntn_x
            newrelic-key        | NRAK-<upper27>                           | NRAK-x
            sentry-token        | sntryu_<hex64>                           | sntryu_x
            dynatrace-token     | dt0c01.<upper24>.<upper64>               | dt0c01.x
            figma-token         | figd_<word40>                            | figd_x
            typeform-token      | tfp_<word59>                             | tfp_x
            1password-token     | ops_eyJ<alnum250>                        | ops_eyJ<alnum8>
            contentful-token    | CFPAT-<word43>                           | CFPAT-x
            sendgrid-key        | SG.<word22>.<word43>                     | SG.<word22>
            airtable-token      | pat<alnum14>.<hex64>                     | pat<alnum14>.x
            mailchimp-key       | <hex32>-us12                             | <hex16>-us12
            telegram-token      | <digit9>:AA<word33>                      | <digit9>:AA<word9>
            discord-token       | MTk4NjIyNDgzNDcxOTI1MjQ4.<alnum6>.<word27> | MTk4NjIyNDgzNDcxOTI1MjQ4.<alnum6>.x
            url-signature       | ?sv=1&sig=(<alnum43>%3D)                 | ?sv=1&sig=(yes)
            bearer              | Bearer (<alnum20>)                       | Bearer (authentication)
            bearer              | authorization=Bearer (abcdefgh9)         | the bearer (of) bad news
            basic               | Basic (am9lOmh1bnRlcjI=)                 | Basic (authentication)
            authorization       | Authorization: Token (<hex40>)           | Authorization: (required for all requests)
            cookie              | Cookie: sid=(<alnum20>; theme=dark)      | Cookie: (none)
            url-password        | postgres://joe:(hunter2)@db/shop         | http://db:(8080)/a@b
            jdbc-password       | jdbc:oracle:thin:scott/(tiger)@//db/x    | jdbc:oracle:thin:(@//db/x)
            aws-secret-key      | aws_secret_access_key = (<alnum40>)      | aws_secret_access_key = (short)
            azure-storage-key   | AccountName=a;AccountKey=(<alnum86>==);b | AccountKey=(x);b
            password            | password=(hunter2)                       | passwordPolicy=(hunter2)
            password            | "password":"(a b)","x"                   | "password":"()"
            password            | <db.password>(hunter2)</db.password>     | a password>(hunter2)<
            password            | --password (hunter2) run                 | --password (or) run
            password            | password: (hunter2)                      | password = (config.password)
            password            | password="(hun\\"ter2)"                  | password="(${DB_PASSWORD})"
            password            | {\\"password\\":\\"(a\\\\\\"b)\\"}       | if (password == (null))
            password            | name="password" value="(hunter2)"/>      | password = (%s)
            password            | x%3Fpassword%3D(hunter2)%26y             | password=(******)
            secret              | client_secret=(<alnum24>)                | secret: (everything)
            api-key             | X-API-Key: (<alnum20>)                   | apiKey: (string)
            token               | "access_token":"(<alnum20>)"             | "max_tokens":(4096000000)
            email               | jane.doe+x@mail.example                  | jane@localhost
            email               | müller@köln.example                      | icon@2x.png
            iban                | DE89370400440532013000                   | DE88370400440532013000
            iban                | GB82 WEST 1234 5698 7654 32              | GB82 WEST 1234 5698 7654 33
            card                | 4111111111111111                         | 4111111111111112
            card                | 4111-1111-1111-1111                      | 4111-1111-1111-111
            card                | 3782 822463 10005                        | 1782 822463 10005
            ssn                 | 219-09-9999                              | 219-09-99999
            ssn                 | 219 09 9999                              | 900-09-9999
            phone               | +49 30 12345678                          | +49 30 12
            phone               | +1 (555) 867-5309                        | 1+15558675309
            ip                  | 192.0.2.44                               | 192.0.2.256
            ip                  | 2001:db8::8a2e:370:7334                  | std::dead
            ip                  | fe80:0:0:0:202:b3ff:fe1e:8329            | 12:30:45
            mac                 | 00:1B:44:11:3A:B7                        | 00:1B:44:11:3A
            mac                 | 00-1b-44-11-3a-b7                        | 00-1b-44-11-3a-b7-00
            """;

    /** Round brackets, where there are some, hold the secret in its context. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = KINDS)
    void a_secret_of_each_kind_is_removed_wherever_it_stands_and_a_near_miss_is_not(
            String kind, String positive, String negative) {
        String form = positive.contains("(") && !kind.equals("phone") ? positive : "(" + positive + ")";
        String miss = Samples.of(negative.replaceAll("[()]", ""));
        String secret = Samples.of(form.substring(form.indexOf('(') + 1, form.lastIndexOf(')')));
        String before = Samples.of(form.substring(0, form.indexOf('(')));
        String after = form.substring(form.lastIndexOf(')') + 1);

        for (String around : new String[] {"", " ", "\n"}) {
            String text = around + before + secret + after + around;
            assertThat(REDACTOR.redact(text))
                    .matches("(?s)\\s*\\Q" + before + "\\E\\[" + kind + ":[0-9a-f]{8}]\\Q" + after + "\\E\\s*")
                    .doesNotContain(secret.substring(Math.max(0, secret.length() - 4)));
        }
        assertThat(REDACTOR.redact(miss)).isSameAs(miss);
    }

    @Test
    void a_private_key_is_removed_from_its_first_line_to_its_last() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\n" + Samples.of("<alnum64>\n<alnum64>\n<alnum9>==\n")
                + "-----END RSA PRIVATE KEY-----";

        assertThat(REDACTOR.redact("a " + key + " b")).matches("a \\[private-key:[0-9a-f]{8}] b");
        assertThat(REDACTOR.redact("{\"k\":\"" + key.replace("\n", "\\n") + "\"}"))
                .matches("\\{\"k\":\"\\[private-key:[0-9a-f]{8}]\"}");
    }

    @Test
    void a_private_key_without_an_end_is_removed_up_to_32768_characters() {
        String start = "-----BEGIN PRIVATE KEY-----\n";
        String body = Samples.of("<alnum60>\n").repeat(1000);

        assertThat(REDACTOR.redact(start + body).length()).isEqualTo(start.length() + body.length() - 32_768 + 22);
    }

    @Test
    void the_mention_of_a_private_key_and_a_public_one_stay() {
        for (String text : new String[] {
            "It begins with -----BEGIN PRIVATE KEY----- and then comes base64.",
            "-----BEGIN CERTIFICATE-----\n" + Samples.of("<alnum64>\n") + "-----END CERTIFICATE-----"
        }) {
            assertThat(REDACTOR.redact(text)).isSameAs(text);
        }
    }

    @Test
    void each_kind_has_a_sample_here() {
        TreeSet<String> sampled = new TreeSet<>(Stream.of(KINDS.split("\n", -1))
                .map(line -> line.split("\\|", 2)[0].strip())
                .toList());
        sampled.remove("");
        sampled.add("private-key");

        assertThat(sampled)
                .containsExactlyElementsOf(new TreeSet<>(REDACTOR.kinds()))
                .hasSizeGreaterThan(90);
    }
}
