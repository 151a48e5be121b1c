public import SessionCore

/// The profiles of the frameworks that the program knows.
public enum FrameworkProfiles {
    /// All of them, in the order in which they are asked whose a key is: the surest marks first, mere shapes last.
    ///
    /// No key is of two of them but a digest of 32 digits, which is of the first of lovely.session and p01.session until its payload
    /// tells. `PlainProfile`, which takes every key, is not among them.
    public static let all: [any SessionProfile] = [
        TidemarkProfile(), ExpressProfile(), FlaskSessionProfile(), PHPMemcachedProfile(), SymfonyProfile(),
        CodeIgniterProfile(), BeakerProfile(), DjangoProfile(.cache), DjangoProfile(.cachedDatabase), LaravelProfile(),
        DalliProfile(), MCDUtilsProfile(), TomcatProfile(), ScoreCacheProfile(), ScoreTableProfile(),
        PHPMemcacheProfile(), LovelyProfile(), P01Profile(),
    ]
}
