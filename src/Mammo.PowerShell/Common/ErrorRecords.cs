using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>Core's errors as PowerShell's: the same id, a category, the target and the suggested fix.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord Of(Exception failure, object? target = null)
    {
        if (failure is not MammoException known)
        {
            var category = failure is IOException or UnauthorizedAccessException ? ErrorCategory.WriteError : ErrorCategory.NotSpecified;
            return new ErrorRecord(failure, ErrorIds.Unexpected, category, target)
            {
                ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = "Report it with the message." },
            };
        }

        var record = new ErrorRecord(known, known.ErrorId, Enum.Parse<ErrorCategory>(ErrorIds.KindOf(known.ErrorId).ToString()), target ?? known.Target);
        // PowerShell's error view prints the recommended action below the message.
        record.ErrorDetails = known.SuggestedFix is null ? null : new ErrorDetails(known.Message) { RecommendedAction = known.SuggestedFix };
        return record;
    }
}
