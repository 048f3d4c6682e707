using System.Buffers.Binary;

namespace Mammo.Data.Dicom;

/// <summary>
/// Reads a data set (PS3.5) element by element, from front to back and without recursion. Sequences of undefined length are walked through, since their end
/// is not known otherwise; sequences of a defined length only when they are wanted. Every step consumes bytes, every length is held against what encloses it.
/// </summary>
internal sealed class DicomParser
{
    /// <summary>Open sequences and items; the standard's own modules need fewer than ten.</summary>
    public const int DepthLimit = 64;

    // A tomosynthesis stack of a hundred slices has some ten thousand.
    private const int ElementLimit = 1_000_000;

    private readonly DicomInput _input;
    private readonly Func<uint, bool> _isWanted;
    private readonly Stack<Level> _levels = new();
    private Level _level;
    private long _pending;
    private int _count;

    /// <param name="input">The data set begins at its position.</param>
    /// <param name="isExplicit">Elements name their value representation.</param>
    /// <param name="isBigEndian">Byte order of tags, lengths and numbers.</param>
    /// <param name="isWanted">Tags of sequences that are walked through whatever their length.</param>
    public DicomParser(DicomInput input, bool isExplicit, bool isBigEndian, Func<uint, bool> isWanted)
    {
        (_input, _isWanted) = (input, isWanted);
        _level = new Level(IsItem: true, input.Position + input.Remaining, IsDelimited: false, isExplicit, isBigEndian);
    }

    /// <summary>What the last <see cref="Read"/> came to.</summary>
    public DicomToken Token { get; private set; }

    /// <summary>The element or sequence; of no meaning at items and ends.</summary>
    public DicomElement Element { get; private set; }

    /// <summary>Number of open sequences and items; 0 in the data set itself.</summary>
    public int Depth => _levels.Count;

    /// <summary>The byte order of the present element's value.</summary>
    public bool IsBigEndian => _level.IsBigEndian;

    /// <summary>Goes to the next element, item or end; false at the end of the data set.</summary>
    /// <exception cref="InvalidDataException">The data set contradicts itself or ends too early.</exception>
    public bool Read()
    {
        SkipValue();
        if (Depth > 0 && !_level.IsDelimited && _input.Position >= _level.End)
            return Close();
        if (Depth == 0 && _input.Peek(8).IsEmpty)
            return false;
        if (++_count > ElementLimit)
            throw DicomDamage.Of($"it has more than {ElementLimit} data elements; it is damaged");
        if (_level.IsItem)
            ReadElement();
        else
            ReadItem();
        return true;
    }

    /// <summary>The value of the present element, valid until the next call.</summary>
    /// <param name="limit">Longest value that is taken; more means damage.</param>
    public ReadOnlySpan<byte> Value(int limit)
    {
        if (_pending > limit)
            throw DicomDamage.Of($"the element {DicomTag.Text(Element.Tag)} claims {_pending} bytes, more than any such element has; it is damaged");
        var count = (int)_pending;
        _pending = 0;
        return _input.Take(count);
    }

    /// <summary>Passes over the value of the present element at once.</summary>
    public void SkipValue()
    {
        _input.Skip(_pending);
        _pending = 0;
    }

    /// <summary>Leaves the value of the present element to be read from the input.</summary>
    public void Leave() => _pending = 0;

    private bool Close()
    {
        if (_input.Position > _level.End)
            throw DicomDamage.Of($"an element near byte {_input.Position} is longer than what encloses it; it is damaged");
        Token = _level.IsItem ? DicomToken.EndOfItem : DicomToken.EndOfSequence;
        _level = _levels.Pop();
        return true;
    }

    private void Open(Level level, DicomToken token)
    {
        if (Depth == DepthLimit)
            throw DicomDamage.Of($"its sequences are nested more than {DepthLimit / 2} deep near byte {_input.Position}; it is damaged");
        _levels.Push(_level);
        (_level, Token) = (level, token);
    }

    private void ReadItem()
    {
        var (tag, length) = ReadTagAndLength();
        if (tag == DicomTag.SequenceDelimitation && _level.IsDelimited)
        {
            (Token, _level) = (DicomToken.EndOfSequence, _levels.Pop());
            return;
        }

        if (tag != DicomTag.Item)
            throw DicomDamage.Of($"a sequence has {DicomTag.Text(tag)} at byte {_input.Position - 8} where an item should be; it is damaged");
        var isDelimited = length == DicomElement.Undefined;
        var end = isDelimited ? _level.End : End(tag, length);
        Open(new Level(IsItem: true, end, isDelimited, _level.IsExplicit, _level.IsBigEndian) { IsFresh = true }, DicomToken.Item);
    }

    private void ReadElement()
    {
        var head = _input.Peek(8);
        if (head.Length == 8 && ReadTag(head) == DicomTag.ItemDelimitation && Depth > 0 && _level.IsDelimited)
        {
            _input.Skip(8);
            (Token, _level) = (DicomToken.EndOfItem, _levels.Pop());
            return;
        }

        Detect(head);
        Element = _level.IsExplicit ? ReadExplicit() : ReadImplicit();
        if (Element.Tag >> 16 == 0xFFFE)
            throw DicomDamage.Of($"the delimiter {DicomTag.Text(Element.Tag)} at byte {_input.Position - 8} ends nothing; it is damaged");
        Token = DicomToken.Element;
        if (IsSequence())
            OpenSequence();
        else if (!Element.IsUndefined)
            _pending = Element.Length;
        else if (Element.Tag != DicomTag.PixelData || Depth > 0)
            SkipFragments();
    }

    // Items of explicit data sets are met that are implicit, and the other way round: what a program put there that did not understand them. The first
    // element of an item shows it.
    private void Detect(ReadOnlySpan<byte> head)
    {
        if (!_level.IsFresh || head.Length < 8)
            return;
        var vr = DicomVr.Read(head[4..]);
        _level = _level with { IsFresh = false, IsExplicit = _level.IsExplicit ? DicomVr.LooksLikeOne(vr) : DicomVr.IsKnown(vr) };
    }

    private bool IsSequence() => Element.Vr switch
    {
        DicomVr.SQ => Element.IsUndefined || _isWanted(Element.Tag),
        DicomVr.UN => Element.IsUndefined || _isWanted(Element.Tag),
        DicomVr.None => Element.IsUndefined ? Element.Tag != DicomTag.PixelData : _isWanted(Element.Tag),
        _ => false,
    };

    // The content of a sequence whose representation was lost (UN) is implicit and little endian (PS3.5, 6.2.2).
    private void OpenSequence()
    {
        var isUnknown = Element.Vr == DicomVr.UN;
        var end = Element.IsUndefined ? _level.End : End(Element.Tag, Element.Length);
        Open(new Level(IsItem: false, end, Element.IsUndefined, !isUnknown && _level.IsExplicit, !isUnknown && _level.IsBigEndian), DicomToken.Sequence);
    }

    // Encapsulated values that are not wanted, such as the pixels of an icon.
    private void SkipFragments()
    {
        while (true)
        {
            var (tag, length) = ReadTagAndLength();
            if (tag == DicomTag.SequenceDelimitation)
                return;
            if (tag != DicomTag.Item || length == DicomElement.Undefined)
                throw DicomDamage.Of($"the fragments of {DicomTag.Text(Element.Tag)} are damaged at byte {_input.Position - 8}");
            End(tag, length);
            _input.Skip(length);
        }
    }

    private (uint Tag, uint Length) ReadTagAndLength()
    {
        var head = _input.Take(8);
        return (ReadTag(head), ReadUInt32(head[4..]));
    }

    private uint ReadTag(ReadOnlySpan<byte> head) => ((uint)ReadUInt16(head) << 16) | ReadUInt16(head[2..]);

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        _level.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        _level.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private DicomElement ReadImplicit()
    {
        var (tag, length) = ReadTagAndLength();
        return Checked(new DicomElement(tag, DicomVr.None, length));
    }

    private DicomElement ReadExplicit()
    {
        var head = _input.Take(8);
        var tag = ReadTag(head);
        var vr = DicomVr.Read(head[4..]);
        if (tag >> 16 != 0xFFFE && !DicomVr.LooksLikeOne(vr))
            throw DicomDamage.Of($"the element {DicomTag.Text(tag)} at byte {_input.Position - 8} has no value representation; it is damaged");
        if (tag >> 16 == 0xFFFE)
            return new DicomElement(tag, DicomVr.None, 0);
        if (DicomVr.HasShortLength(vr))
            return Checked(new DicomElement(tag, vr, ReadUInt16(head[6..])));
        return Checked(new DicomElement(tag, vr, ReadUInt32(_input.Take(4))));
    }

    private DicomElement Checked(DicomElement element)
    {
        if (!element.IsUndefined)
            End(element.Tag, element.Length);
        return element;
    }

    private long End(uint tag, uint length)
    {
        var end = _input.Position + length;
        var rest = Math.Max(_level.End - _input.Position, 0);
        return length <= rest
            ? end
            : throw DicomDamage.Of($"the element {DicomTag.Text(tag)} claims {length} bytes where {rest} remain; it is truncated or damaged");
    }

    /// <summary>What elements are read from: the data set, a sequence or an item.</summary>
    /// <param name="IsItem">It holds elements; a sequence holds items.</param>
    /// <param name="End">Offset at which it, or what encloses it, ends.</param>
    /// <param name="IsDelimited">A delimiter ends it.</param>
    /// <param name="IsExplicit">Its elements name their representation.</param>
    /// <param name="IsBigEndian">Its byte order.</param>
    private readonly record struct Level(bool IsItem, long End, bool IsDelimited, bool IsExplicit, bool IsBigEndian)
    {
        /// <summary>Nothing has been read of it yet.</summary>
        public bool IsFresh { get; init; }
    }
}
