using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>
/// Words of errors of arguments. PowerShell gives every error of binding an id of its own (ParameterArgumentValidationError,
/// ParameterArgumentTransformationError), whatever an attribute throws; Mammo's id ends the message.
/// </summary>
internal static class ArgumentErrors
{
    public static ValidationMetadataException Refused(string what, string suggestedFix) => new(Text(what, suggestedFix, ErrorIds.ArgumentInvalid));

    public static ArgumentTransformationMetadataException NotMade(MammoException failure) =>
        new(Text(failure.Message, failure.SuggestedFix, failure.ErrorId), failure);

    /// <summary>The same, after which PowerShell tries the next parameter for an object of the pipeline.</summary>
    public static ArgumentTransformationMetadataException NotCast(MammoException failure) =>
        new(Text(failure.Message, failure.SuggestedFix, failure.ErrorId), new PSInvalidCastException(failure.Message, failure));

    public static ArgumentTransformationMetadataException NotMade(string what, string suggestedFix) =>
        NotMade(new MammoException(ErrorIds.ArgumentInvalid, what, suggestedFix));

    private static string Text(string what, string? suggestedFix, string id) => suggestedFix is null ? $"{what} [{id}]" : $"{what} {suggestedFix} [{id}]";
}
