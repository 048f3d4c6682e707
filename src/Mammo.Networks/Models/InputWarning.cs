namespace Mammo.Networks.Models;

/// <summary>Something that makes scores doubtful.</summary>
/// <param name="Id">Stable id from <see cref="ErrorIds"/>.</param>
/// <param name="Message">The evidence and the cure.</param>
public sealed record InputWarning(string Id, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Message} [{Id}]";
}
