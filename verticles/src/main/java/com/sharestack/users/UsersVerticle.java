package com.sharestack.users;

import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.AuthService;
import com.sharestack.contract.BlocksService;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.SessionsService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.crypto.BlindIndex;
import com.sharestack.platform.crypto.Sealer;
import com.sharestack.platform.mail.Mailer;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import com.sharestack.platform.service.Signals;
import com.sharestack.platform.tokens.AccessTokens;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts the services of the users domain. */
public final class UsersVerticle extends DomainVerticle {

  private static final Logger LOG = LoggerFactory.getLogger(UsersVerticle.class);

  private MailSender sender;

  public UsersVerticle(Platform platform) {
    super("users", platform);
  }

  @Override
  protected void serve(ServiceHost host, Platform platform) {
    BlindIndex index = new BlindIndex(platform.config().secrets().index());
    Contact contact = new Contact(Sealer.ofKey(platform.config().secrets().data()), index);
    ProfileRepository profileRows = new ProfileRepository(platform.db(), contact);
    PublicProfiles profiles = new PublicProfiles(platform.cache(), profileRows, platform.clock());
    UsersParts parts = parts(platform, contact, profiles);
    RelationRepository relations = new RelationRepository(platform.db());
    ProfileViews views = new ProfileViews(profiles, profileRows, relations, neighbours(host));
    host.serve(
        AuthService.class,
        new AuthServiceImpl(
            parts,
            new SecurityTokens(platform.cache(), platform.clock()),
            platform.config().http().publicUrl()));
    UserLookupRepository lookups = new UserLookupRepository(platform.db());
    host.serve(
        BlocksService.class,
        new BlocksServiceImpl(parts, new BlockRepository(platform.db()), lookups));
    host.serve(SessionsService.class, new SessionsServiceImpl(parts.sessionRows()));
    host.serve(
        UsersService.class, new UsersServiceImpl(views, lookups, relations, platform.clock()));
    new Housekeeping(new RetentionRepository(platform.db()), platform.clock()).start(vertx);
    sendMails(platform);
  }

  private void sendMails(Platform platform) {
    Config.Mail settings = platform.config().mail();
    if (settings.host() == null) {
      LOG.info("mail.host is not set: mails stay queued");
      return;
    }
    sender =
        new MailSender(
            new MailRepository(platform.db()),
            MailTemplates.bundled(),
            Mailer.create(vertx, settings),
            platform.clock());
    sender.start(vertx, settings.pollMillis());
  }

  @Override
  public void stop(Promise<Void> stopped) {
    (sender == null ? Future.<Void>succeededFuture() : sender.stop())
        .onComplete(sent -> super.stop(stopped));
  }

  private UsersParts parts(Platform platform, Contact contact, PublicProfiles profiles) {
    SecurityLog log = new SecurityLog();
    SessionRepository sessions = new SessionRepository(platform.db());
    return new UsersParts(
        platform.db(),
        platform.clock(),
        platform.outbox(),
        new Signals(vertx),
        new AccountRepository(platform.db(), contact),
        new LoginAttemptRepository(platform.db(), contact.index()),
        sessions,
        new Sessions(sessions, log, platform.outbox(), accessTokens(platform.config())),
        new PasswordHasher(vertx, platform.config().auth(), platform.meters()),
        new VerificationCodes(platform.cache(), contact.index()),
        log,
        new MailQueue(),
        profiles);
  }

  private AccessTokens accessTokens(Config config) {
    Config.Auth auth = config.auth();
    return new AccessTokens(
        vertx, config.secrets().jwt(), auth.issuer(), auth.audience(), auth.accessSeconds());
  }

  private static Neighbours neighbours(ServiceHost host) {
    return new Neighbours(
        host.client(ArticlesService.class),
        host.client(PlansService.class),
        host.client(SubscriptionsService.class));
  }
}
