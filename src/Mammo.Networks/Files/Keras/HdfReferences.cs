namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Watches what the HDF5 library reads and stops it where an object refers to another file, which it would open without asking: a link of the external or a
/// user's own class, and a list of external files in which a dataset's values are.
/// </summary>
/// <remarks>
/// Structures: HDF5 File Format Specification 3.0, sections IV.A.2.g (link) and IV.A.2.h (external data files). The library reads them field by field, wherever
/// they are (object headers of both versions, fractal heaps), so they are known by the widths of their first fields; tests with such files hold this together.
/// Soft links stay within the file, and virtual datasets are known by their layout.
/// </remarks>
internal sealed class HdfReferences
{
    private const byte Version = 1;
    private const byte HasLinkType = 0x08;
    private const byte KnownLinkFlags = 0x1f;
    private const byte FirstOutsideLink = 64;

    private long _end;
    private int _linkFields;
    private int _listFields;

    /// <summary>Looks at bytes that were just read.</summary>
    /// <param name="position">Where they are in the file.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are a reference to another file.</exception>
    public void Check(long position, ReadOnlySpan<byte> bytes)
    {
        if (position != _end)
            (_linkFields, _listFields) = (0, 0);
        _end = position + bytes.Length;
        _linkFields = LinkFields(bytes);
        _listFields = ListFields(bytes);
    }

    /// <summary>Version, flags and, if the flags say so, class of a link, a byte each. How many of them were read.</summary>
    private int LinkFields(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1)
            return 0;
        if (_linkFields == 2 && bytes[0] >= FirstOutsideLink)
            throw new InvalidDataException("It has a link to another file, and nothing outside a model file is read");
        if (_linkFields == 1 && (bytes[0] & HasLinkType) != 0 && bytes[0] <= KnownLinkFlags)
            return 2;
        return bytes[0] == Version ? 1 : 0;
    }

    /// <summary>Version, three unused bytes, allocated and used entries of a list of files. How many of them were read.</summary>
    private int ListFields(ReadOnlySpan<byte> bytes) => (_listFields, bytes.Length) switch
    {
        (3, 2) => throw new InvalidDataException("It keeps values in another file, and nothing outside a model file is read"),
        (2, 2) => 3,
        (1, 3) => 2,
        (_, 1) when bytes[0] == Version => 1,
        _ => 0,
    };
}
