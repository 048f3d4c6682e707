using PureHDF.Filters;

namespace Mammo.Networks.Files.Keras;

/// <summary>A filter (compression) of HDF5 that is not read, so that it is refused by its name.</summary>
/// <remarks>Numbers: HDF5 File Format Specification 3.0, section IV.A.2.l, and the HDF Group's list of registered filters.</remarks>
internal sealed class UnreadFilter(ushort id, string name) : IH5Filter
{
    /// <summary>Those that files are met with.</summary>
    public static IReadOnlyList<UnreadFilter> All { get; } =
    [
        new(4, "szip"), new(5, "nbit"), new(307, "bzip2"), new(32000, "lzf"), new(32001, "blosc"), new(32004, "lz4"), new(32008, "bitshuffle"),
        new(32013, "zfp"), new(32015, "zstd"), new(32026, "blosc2"),
    ];

    /// <inheritdoc/>
    public ushort FilterId => id;

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>The refusal of a filter.</summary>
    public static HdfUnreadException Error(string name) => new(
        $"its values are compressed by the filter '{name}', which is not read", "Save it again without compression, or with gzip.");

    /// <inheritdoc/>
    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) => [];

    /// <inheritdoc/>
    public Memory<byte> Filter(FilterInfo info) => throw Error(name);
}
