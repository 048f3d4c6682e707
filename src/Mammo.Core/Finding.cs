using System.Collections.ObjectModel;

namespace Mammo;

/// <summary>Something that a user should know before a number is believed: about an image, a list, a model, or a whole run.</summary>
/// <param name="Id">What it is: one of <see cref="ErrorIds"/>.</param>
/// <param name="Message">What and where, with the evidence, in a sentence.</param>
public sealed record Finding(string Id, string Message)
{
    /// <summary>What and where, with the evidence, in a sentence.</summary>
    public string Message { get; init; } = Printable.Of(Message);

    /// <summary>The file, model or dataset it is about; null when it is about more than one.</summary>
    public string? Subject { get; init; }

    /// <summary>The patient it is about; null when there is none.</summary>
    public string? Patient { get; init; }

    /// <summary>What the user can do, in a sentence; what docs/errors.md says of the id unless set.</summary>
    public string? SuggestedFix
    {
        get => field ?? NextSteps.Of(Id);
        init;
    }

    /// <summary>An error as a finding, where the work goes on without the thing at fault.</summary>
    /// <param name="error">The error.</param>
    /// <param name="patient">The patient it is about.</param>
    public static Finding Of(MammoException error, string? patient = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new Finding(error.ErrorId, error.Message) { Subject = error.Target, Patient = patient, SuggestedFix = error.SuggestedFix };
    }

    /// <summary>Message, suggested fix and id, as a warning is shown.</summary>
    public override string ToString() => SuggestedFix is null ? $"{Message} [{Id}]" : $"{Message} {SuggestedFix} [{Id}]";
}

/// <summary>Findings on a record; as one text they are joined, so that a CSV loses none.</summary>
public sealed class FindingList : ReadOnlyCollection<Finding>
{
    /// <summary>Keeps the findings in their order.</summary>
    public FindingList(IEnumerable<Finding> findings)
        : base([.. findings])
    {
    }

    /// <summary>Nothing was found.</summary>
    public static new FindingList Empty { get; } = new([]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', this);
}
