namespace Mammo.Data.Dicom;

/// <summary>What a parser is at.</summary>
internal enum DicomToken
{
    /// <summary>An element with a value, which may be taken and is passed over otherwise. A sequence that nobody wants is one too.</summary>
    Element,

    /// <summary>The beginning of a sequence.</summary>
    Sequence,

    /// <summary>The beginning of an item of the innermost open sequence.</summary>
    Item,

    /// <summary>The end of an item.</summary>
    EndOfItem,

    /// <summary>The end of a sequence.</summary>
    EndOfSequence,
}

/// <summary>The head of a data element (PS3.5, 7.1).</summary>
/// <param name="Tag">Group and element.</param>
/// <param name="Vr">Value representation; <see cref="DicomVr.None"/> where the data set has none.</param>
/// <param name="Length">Bytes of the value; <see cref="Undefined"/> where a delimiter ends it.</param>
internal readonly record struct DicomElement(uint Tag, ushort Vr, uint Length)
{
    public const uint Undefined = uint.MaxValue;

    public bool IsUndefined => Length == Undefined;
}
