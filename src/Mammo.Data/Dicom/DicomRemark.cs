namespace Mammo.Data.Dicom;

/// <summary>Something about a DICOM image that a user should know before it is scored.</summary>
/// <param name="Id">Stable id from <see cref="ErrorIds"/>.</param>
/// <param name="Message">What is remarkable, in one or two sentences.</param>
/// <param name="SuggestedFix">What to do.</param>
/// <param name="IsRefusal">The image is not read because of it.</param>
public sealed record DicomRemark(string Id, string Message, string SuggestedFix, bool IsRefusal = false)
{
    /// <summary>The remark as other parts of Mammo report what they noticed.</summary>
    public Finding ToFinding() => new(Id, Message) { SuggestedFix = SuggestedFix };

    internal MammoException ToException(Exception? inner = null) => new(Id, Message, SuggestedFix, inner: inner);

    /// <inheritdoc/>
    public override string ToString() => $"{Message} {SuggestedFix} [{Id}]";
}
