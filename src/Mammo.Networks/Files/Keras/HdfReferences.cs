using System.Buffers.Binary;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Watches what the HDF5 library reads and stops it where an object refers to another file, which it would open without asking: a link of the external or a
/// user's own class, and a list of external files in which a dataset's values are; and where a link's name is far longer than the file, for the library
/// makes room for it first.
/// </summary>
/// <param name="length">Length of the file.</param>
/// <remarks>
/// Structures: HDF5 File Format Specification 3.0, sections IV.A.2.g (link) and IV.A.2.h (external data files). The library reads them field by field, wherever
/// they are (object headers of both versions, fractal heaps), so they are known by the widths of their first fields; tests with such files hold this together.
/// Soft links stay within the file, and virtual datasets are known by their layout.
/// </remarks>
internal sealed class HdfReferences(long length)
{
    private const byte Version = 1;
    private const byte KnownLinkFlags = 0x1f;
    private const byte FirstOutsideLink = 64;
    private const long AlwaysAllowed = 64 << 20;

    private readonly List<Link> _links = [];
    private long _end;
    private int _listFields;

    // The fields of a link behind its version; which of them are there, and how wide the last one is, the flags say.
    private enum Field
    {
        Flags,
        Class,
        Order,
        Characters,
        NameLength,
    }

    /// <summary>Looks at bytes that were just read.</summary>
    /// <param name="position">Where they are in the file.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are a reference to another file, or claim more than the file has.</exception>
    public void Check(long position, ReadOnlySpan<byte> bytes)
    {
        if (position != _end)
        {
            _links.Clear();
            _listFields = 0;
        }

        _end = position + bytes.Length;
        CheckLinks(bytes);
        _listFields = ListFields(bytes);
    }

    /// <summary>Any byte may be the version of a link, also one that is a field of what may be another: the library looks at the version last.</summary>
    private void CheckLinks(ReadOnlySpan<byte> bytes)
    {
        for (var index = _links.Count - 1; index >= 0; index--)
        {
            if (After(_links[index], bytes) is { } next)
                _links[index] = next;
            else
                _links.RemoveAt(index);
        }

        if (bytes is [var version])
            _links.Add(new Link(Field.Flags, 0, version == Version));
    }

    /// <summary>The link with one field more; null where it was none, or its name comes next.</summary>
    private Link? After(Link link, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != link.Width)
            return null;
        switch (link.Next)
        {
            case Field.Flags:
                return new Link(Field.Flags, bytes[0], link.IsKnown && bytes[0] <= KnownLinkFlags).Following();
            case Field.Class when link.IsKnown && bytes[0] >= FirstOutsideLink:
                throw new InvalidDataException("It has a link to another file, and nothing outside a model file is read");
            case Field.NameLength when link.Width < sizeof(uint):
                return null;
            case Field.NameLength:
                Span<byte> number = stackalloc byte[sizeof(ulong)];
                number.Clear();
                bytes.CopyTo(number);

                // The library takes the lower half. Other fields may look the same, and hold addresses and lengths: those are not larger than this.
                if (BinaryPrimitives.ReadInt32LittleEndian(number) > Math.Max(length, AlwaysAllowed))
                    throw new InvalidDataException("A size in the file is larger than what it is in.");
                return null;
            default:
                return link.Following();
        }
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

    /// <summary>What may be a link, as far as it was read.</summary>
    /// <param name="Next">The field that comes next.</param>
    /// <param name="Flags">Its flags.</param>
    /// <param name="IsKnown">Version and flags are those of the specification.</param>
    private readonly record struct Link(Field Next, byte Flags, bool IsKnown)
    {
        private const byte HasOrder = 0x04;
        private const byte HasClass = 0x08;
        private const byte HasCharacters = 0x10;

        public int Width => Next switch
        {
            Field.Order => sizeof(ulong),
            Field.NameLength => 1 << (Flags & 3),
            _ => 1,
        };

        public Link Following()
        {
            var (flags, next) = (Flags, Next + 1);
            while (!IsThere(next))
                next++;
            return this with { Next = next };

            bool IsThere(Field field) => field switch
            {
                Field.Class => (flags & HasClass) != 0,
                Field.Order => (flags & HasOrder) != 0,
                Field.Characters => (flags & HasCharacters) != 0,
                _ => true,
            };
        }
    }
}
