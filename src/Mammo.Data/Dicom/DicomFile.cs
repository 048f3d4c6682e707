using System.IO.Compression;

namespace Mammo.Data.Dicom;

/// <summary>A DICOM file that has been read up to its pixels: what its elements say, and where the pixels are.</summary>
internal sealed class DicomFile : IDisposable
{
    // Longest value that is kept: a lookup table of 65,536 words has 128 KiB.
    private const int ValueLimit = 1 << 20;

    // What the elements before the pixels may unpack to.
    private const long HeaderLimit = 64L << 20;

    private static readonly HashSet<uint> Wanted =
        [.. typeof(DicomTag).GetFields().Where(field => field.IsLiteral).Select(field => (uint)field.GetRawConstantValue()!)];

    private static readonly HashSet<uint> Sequences =
    [
        DicomTag.ModalityLutSequence, DicomTag.VoiLutSequence, DicomTag.ViewCodeSequence, DicomTag.ViewModifierCodeSequence,
        DicomTag.SpecimenDescriptionSequence, DicomTag.SharedFunctionalGroupsSequence, DicomTag.PerFrameFunctionalGroupsSequence,
        DicomTag.FrameAnatomySequence, DicomTag.FrameVoiLutSequence, DicomTag.PixelValueTransformationSequence,
        DicomTag.DeidentificationMethodCodeSequence,
    ];

    private readonly FileStream _file;
    private DeflateStream? _inflated;
    private DicomInput _input;

    private DicomFile(FileStream file)
    {
        _file = file;
        _input = new DicomInput(file, file.Length, 0);
        Syntax = TransferSyntax.Of("");
    }

    /// <summary>How the file is written.</summary>
    public TransferSyntax Syntax { get; private set; }

    /// <summary>The wanted elements before the pixels.</summary>
    public DicomDataSet DataSet { get; } = new();

    /// <summary>The head of the pixels' element, with <see cref="Input"/> at its value; null when the file has none.</summary>
    public DicomElement? Pixels { get; private set; }

    /// <summary>The file, or what it unpacks to, from the pixels on.</summary>
    public DicomInput Input => _input;

    /// <summary>Reads a file up to its pixels.</summary>
    /// <param name="path">The file; that it is a regular one has been looked at.</param>
    /// <exception cref="InvalidDataException">It is no DICOM file, or damaged.</exception>
    /// <exception cref="MammoException"><see cref="ErrorIds.DicomTransferSyntax"/>: it does not say how it is written, or in an unknown way.</exception>
    public static DicomFile Open(string path)
    {
        var stream = InputFile.Open(path, bufferSize: 0);
        var file = new DicomFile(stream);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads bytes of the file itself, wherever the input stands.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public void ReadAt(long offset, Span<byte> target)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, target, offset);
            if (read == 0)
                throw DicomDamage.Of($"it is truncated: it ends after byte {offset}, within its pixels");
            offset += read;
            target = target[read..];
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _inflated?.Dispose();
        _file.Dispose();
    }

    private void ReadHeader()
    {
        var start = DicomSignature.Detect(_input.Peek(DicomSignature.Length));
        Syntax = start switch
        {
            DicomStart.None => throw new InvalidDataException("it is not a DICOM file, whatever its name says"),
            DicomStart.ImplicitDataSet => TransferSyntax.Of("1.2.840.10008.1.2"),
            DicomStart.ExplicitDataSet => TransferSyntax.Of("1.2.840.10008.1.2.1"),
            DicomStart.BigEndianDataSet => TransferSyntax.Of("1.2.840.10008.1.2.2"),
            _ => ReadMetaInformation(start == DicomStart.Preamble ? DicomSignature.Preamble : 0),
        };
        if (Syntax.IsDeflated)
            Inflate();
        try
        {
            ReadDataSet();
        }
        catch (InvalidDataException error) when (!Syntax.IsKnown)
        {
            throw Syntax.NotRead.ToException(error);
        }
    }

    // Always explicit and little endian (PS3.10, 7.1). Its own length is not trusted: the group number says where it ends.
    private TransferSyntax ReadMetaInformation(int offset)
    {
        _input.Skip(offset);
        var meta = new DicomDataSet();
        var parser = new DicomParser(_input, isExplicit: true, isBigEndian: false, Sequences.Contains);
        while (_input.Peek(2) is [2, 0] && parser.Read())
        {
            if (parser.Token == DicomToken.Element && parser.Element.Tag == DicomTag.TransferSyntaxUid && !parser.Element.IsUndefined)
                meta.Add(DicomTag.TransferSyntaxUid, new DicomValue(parser.Element.Vr, false, parser.Value(ValueLimit).ToArray()));
            else
                parser.SkipValue();
        }

        return meta.Code(DicomTag.TransferSyntaxUid) is { } uid ? TransferSyntax.Of(uid) : throw new MammoException(
            ErrorIds.DicomTransferSyntax,
            "The file does not say how it is written: its Transfer Syntax UID (0002,0010) is missing.",
            "Export it again, or add the element with a DICOM toolkit if you know the transfer syntax.");
    }

    private void Inflate()
    {
        _input.Release();
        var compressed = _file.Length - _input.Position;
        _input.Dispose();
        _inflated = new DeflateStream(_file, CompressionMode.Decompress, leaveOpen: true);
        // Deflate makes at most 258 bytes of 2 bits (zlib's documentation).
        _input = new DicomInput(_inflated, compressed * 1032, 0);
    }

    private void ReadDataSet()
    {
        var parser = new DicomParser(_input, IsReallyExplicit(), Syntax.IsBigEndian, Sequences.Contains);
        var items = new Stack<DicomDataSet?>();
        DicomDataSet? item = DataSet;
        var sequences = new Stack<uint>();
        var first = _input.Position;
        while (parser.Read())
        {
            var isPixels = parser.Token == DicomToken.Element && parser.Depth == 0 && DicomTag.IsPixels(parser.Element.Tag);
            var isValue = parser.Token == DicomToken.Element && !parser.Element.IsUndefined;
            if (Syntax.IsDeflated && !isPixels && _input.Position - first + (isValue ? parser.Element.Length : 0) > HeaderLimit)
                throw DicomDamage.Of($"its elements before the pixels unpack to more than {HeaderLimit} bytes; it is damaged");
            switch (parser.Token)
            {
                case DicomToken.Sequence:
                    sequences.Push(parser.Element.Tag);
                    break;
                case DicomToken.EndOfSequence:
                    sequences.Pop();
                    break;
                case DicomToken.Item:
                    items.Push(item);
                    item = Sequences.Contains(sequences.Peek()) ? item?.AddItem(sequences.Peek()) : null;
                    break;
                case DicomToken.EndOfItem:
                    item = items.Pop();
                    break;
                case DicomToken.Element when isPixels:
                    parser.Leave();
                    Pixels = parser.Element;
                    return;
                case DicomToken.Element when item is not null && isValue && Wanted.Contains(parser.Element.Tag):
                    item.Add(parser.Element.Tag, new DicomValue(parser.Element.Vr, parser.IsBigEndian, parser.Value(ValueLimit).ToArray()));
                    break;
            }
        }
    }

    // Some programs name the implicit syntax and write an explicit one.
    private bool IsReallyExplicit() => Syntax.IsExplicit || (_input.Peek(8) is { Length: 8 } head && head[0] == 8 && DicomVr.IsKnown(DicomVr.Read(head[4..])));
}
