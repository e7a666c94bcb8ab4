package io.tributary.study;

import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteConfig.ExchangeConfig;
import io.tributary.study.SiteConfig.KeyFile;
import io.tributary.study.SiteConfig.Tls;
import java.util.Optional;

/**
 * An analyst as their file says (annotated in conf/analyst.yaml): who signs and submits studies and
 * fetches results. Local files are resolved against the folder of that file.
 *
 * @param id in the consortium file
 * @param identity Ed25519 key that signs studies
 * @param tls certificate for Flight; may be absent with files as exchange
 * @param consortium who exists
 * @param exchange how the coordinator is met
 */
public record AnalystConfig(
    String id,
    KeyFile identity,
    Optional<Tls> tls,
    ConsortiumPin consortium,
    ExchangeConfig exchange) {}
