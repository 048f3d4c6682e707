namespace Mammo;

/// <summary>Anything that a user can cause and can fix: wrong files, wrong arguments, wrong data.</summary>
public sealed class MammoException : Exception
{
    /// <summary>Makes an error that a person can act on.</summary>
    /// <param name="errorId">Stable id from <see cref="ErrorIds"/>, such as <c>Mammo.ImageUnreadable</c>.</param>
    /// <param name="message">What is wrong and where, in one or two sentences.</param>
    /// <param name="suggestedFix">What to do about it; null for what docs/errors.md says of the id.</param>
    /// <param name="target">The file, layer or value at fault.</param>
    /// <param name="inner">The failure underneath, if any.</param>
    public MammoException(string errorId, string message, string? suggestedFix = null, string? target = null, Exception? inner = null)
        : base(Printable.Of(message), inner)
    {
        ErrorId = errorId;
        SuggestedFix = suggestedFix is null ? NextSteps.Of(errorId) : Printable.Of(suggestedFix);
        Target = target;
    }

    /// <summary>Stable id of the kind of error; listed in docs/errors.md.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do; null for an id that is none of <see cref="ErrorIds"/>.</summary>
    public string? SuggestedFix { get; }

    /// <summary>The file, layer or value at fault; null when there is none.</summary>
    public string? Target { get; }

    /// <summary>
    /// The same error with the name of the file in its message, for work on pixels that does not know where they come from; itself when the message has the
    /// name.
    /// </summary>
    /// <param name="path">The file.</param>
    public MammoException Named(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Message.Contains(path, StringComparison.Ordinal) ? this : new MammoException(ErrorId, $"'{path}': {Message}", SuggestedFix, path, this);
    }
}
