namespace Mammo.Scoring.Managed;

/// <summary>
/// Sizes that decide how fast the engine is; all but <see cref="PieceOfSegments"/> and <see cref="FewestChannelsOfSegment"/> give the same bits, as long as
/// <see cref="Piece"/> is a multiple of 128. Found by trials on AVX-512 and AVX2.
/// </summary>
internal static class Tuning
{
    /// <summary>
    /// Depth of a piece of a panel that is read again for every group of rows: 128 KB of AVX-512, 32 KB of AVX2.
    /// </summary>
    public const int Piece = 512;

    /// <summary>
    /// The same where several segments of a row make a piece; segments longer than half of it come one by one, and have longer sums (see the micro-kernel).
    /// </summary>
    public const int PieceOfSegments = 256;

    /// <summary>
    /// Values of transformed weights above which workers share the transformed tiles (12 MB): then each weight is read for many tiles at once. Below, a worker
    /// keeps those of few tiles in its own cache.
    /// </summary>
    public const long LargestLocalWeights = 3 << 20;

    /// <summary>Values of weights that stay in the second-level cache beside what they are multiplied by (768 KB).</summary>
    public const long NearWeights = 3 << 16;

    /// <summary>Tiles whose planes are shared.</summary>
    public const int SharedTiles = 252;

    /// <summary>Tiles whose planes a worker holds; a multiple of six.</summary>
    public const int LocalTiles = 24;

    /// <summary>Tiles of a convolution by windows that a worker computes at a time.</summary>
    public const int WindowTiles = 12;

    /// <summary>
    /// Values of an image's map above which images are computed one by one: together, large maps would go through memory, small ones use each weight once for
    /// all images.
    /// </summary>
    public const long LargestJointMap = 1 << 21;

    /// <summary>Tiles of an image from which on steps are chained: below, there are too few for all threads.</summary>
    public const int FewestChainedTiles = 192;

    /// <summary>
    /// Values of one map that a chain computes at a time (1 MB; twice that of a convolution by Winograd's method, which takes <see cref="LocalTiles"/>): they
    /// are to stay in the second-level cache.
    /// </summary>
    public const long LargestChainedMap = 1 << 18;

    /// <summary>Channels below which moving from tap to tap of a window takes too long, so that it is taken row by row.</summary>
    public const int FewestChannelsOfSegment = 16;
}
