using System.Globalization;
using PureHDF;

namespace Mammo.Networks.Files.Keras;

/// <summary>An HDF5 file opened for reading, with every failure of the library underneath reported as a <see cref="MammoException"/>.</summary>
internal sealed class HdfFile : IDisposable
{
    // A deflated or sparse dataset may be larger than the file; deflate reaches 1032:1 at most.
    private const long MostExpansion = 1032;

    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a];

    // All datasets of a file together: weights hardly shrink, and small files may claim this much in all.
    private const long MostTotalExpansion = 16;
    private const long AlwaysAllowed = 256L << 20;

    private readonly string _path;
    private readonly long _length;
    private long _claimed;
    private readonly IDisposable _file;

    static HdfFile()
    {
        PureHDF.Filters.H5Filter.Register(new Fletcher32Filter());
        foreach (var filter in UnreadFilter.All)
            PureHDF.Filters.H5Filter.Register(filter);
    }

    private HdfFile(string path, Stream content)
    {
        _path = path;
        var stream = new GuardedStream(content);
        try
        {
            _length = stream.Length;
            var file = H5File.Open(stream);
            (_file, Root) = (file, file);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The root group.</summary>
    public IH5Group Root { get; }

    /// <summary>True when these are the first bytes of an HDF5 file (without a user block, as Keras writes it).</summary>
    public static bool IsHdf(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>
    /// Size of the block of other data in front of the HDF5 data (a power of two from 512); null where there is none. Such files are valid and not read.
    /// </summary>
    public static long? UserBlock(Stream file)
    {
        var start = new byte[Signature.Length];
        for (var size = 512L; size + start.Length <= file.Length; size *= 2)
        {
            file.Position = size;
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && IsHdf(start))
                return size;
        }

        return null;
    }

    /// <summary>Opens the file, hands it to the reader, and translates whatever goes wrong.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ModelFileInvalid"/>: unreadable, not HDF5 or damaged; or what the reader throws.
    /// </exception>
    public static T Read<T>(string path, Func<HdfFile, T> read) =>
        Read(path, () => InputFile.Open(path), read);

    /// <summary>The same for content that lies elsewhere, such as in an archive; messages name the path.</summary>
    public static T Read<T>(string path, Func<Stream> open, Func<HdfFile, T> read)
    {
        try
        {
            using var file = new HdfFile(path, open());
            return read(file);
        }
        catch (Exception failure) when (failure is not MammoException)
        {
            throw HdfUnreadException.Of(failure) is { } unread
                ? new MammoException(ErrorIds.ModelFileInvalid, $"'{path}' cannot be read: {unread.Message}.", unread.Fix, path, failure)
                : ModelFileErrors.Unreadable(path, "HDF5", failure);
        }
    }

    /// <summary>The group of that name; null when there is none.</summary>
    public static IH5Group? Group(IH5Group parent, string name) => parent.LinkExists(name) ? parent.Get(name) as IH5Group : null;

    /// <summary>A text attribute; null when it is missing.</summary>
    public string? Text(IH5Object owner, string name) => owner.AttributeExists(name) ? Values(owner, name).FirstOrDefault() : null;

    /// <summary>
    /// An attribute with a list of texts, also when it is cut into chunks (<c>name0</c>, <c>name1</c>, ...: Keras 2.2 and later, above 64 kB); null when it
    /// is missing.
    /// </summary>
    public IReadOnlyList<string>? Texts(IH5Object owner, string name)
    {
        if (owner.AttributeExists(name))
            return Values(owner, name);
        var all = new List<string>();
        for (var chunk = 0; owner.AttributeExists(Chunk(chunk)); chunk++)
            all.AddRange(Values(owner, Chunk(chunk)));
        return all.Count > 0 ? all : null;

        string Chunk(int index) => name + index.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A dataset of floating-point numbers by its path under a group, not yet read.</summary>
    public HdfArray Array(IH5Group parent, string name)
    {
        if (!parent.LinkExists(name) || parent.Get(name) is not IH5Dataset dataset)
            throw Invalid($"The dataset '{name}' of group '{parent.Name}' is missing.");
        var sizes = dataset.Space.Type == H5DataspaceType.Scalar ? [] : dataset.Space.Dimensions;
        var isPlain = dataset.Layout.Class is H5DataLayoutClass.Contiguous or H5DataLayoutClass.Compact;
        if (dataset.Type is not { Class: H5DataTypeClass.FloatingPoint, Size: 2 or 4 or 8 } || dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
            throw Invalid($"The dataset '{name}' of group '{parent.Name}' does not hold 16-, 32- or 64-bit floating-point numbers.");
        var elements = Elements(sizes);
        var chunk = isPlain ? 0 : Elements(dataset.Layout.Chunks);
        var most = _length * (isPlain ? 1 : MostExpansion) / dataset.Type.Size;
        if (elements is null || chunk is null || elements > System.Array.MaxLength || Math.Max(elements.Value, chunk.Value) > most)
            throw Invalid($"The dataset '{name}' of group '{parent.Name}' claims more values than the file can hold.");
        _claimed += elements.Value * dataset.Type.Size;
        if (_claimed > AlwaysAllowed + (MostTotalExpansion * _length))
            throw Invalid($"Its datasets up to '{name}' of group '{parent.Name}' claim {_claimed} bytes together, more than the file can hold.");
        return new HdfArray(name, [.. sizes.Select(size => (int)size)], dataset);
    }

    /// <summary>An error about this file.</summary>
    public MammoException Invalid(string what) =>
        new(
            ErrorIds.ModelFileInvalid,
            $"'{_path}' is damaged or not written by Keras: {what}",
            "Fetch the file again, or save the model again with Keras.",
            _path);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static long? Elements(ulong[] sizes)
    {
        var product = 1L;
        foreach (var size in sizes)
        {
            if (size > int.MaxValue || (product > 0 && (long)size > long.MaxValue / 8 / product))
                return null;
            product *= (long)size;
        }

        return product;
    }

    private string[] Values(IH5Object owner, string name)
    {
        var attribute = owner.Attribute(name);
        var elements = Elements(attribute.Space.Dimensions);
        if (elements is null || elements * attribute.Type.Size > _length)
            throw Invalid($"The attribute '{name}' of '{owner.Name}' claims to be larger than the file.");

        // h5py stores an empty list of names as an empty array of float64.
        if (elements == 0 && attribute.Space.Type != H5DataspaceType.Scalar)
            return [];
        if (attribute.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
            throw Invalid($"The attribute '{name}' of '{owner.Name}' is not text.");
        return attribute.Space.Type == H5DataspaceType.Scalar ? [attribute.Read<string>()] : attribute.Read<string[]>();
    }
}
