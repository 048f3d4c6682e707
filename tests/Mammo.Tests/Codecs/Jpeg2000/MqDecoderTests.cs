using Mammo.Codecs.Jpeg2000;

namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>The arithmetic decoder on the test sequence of ITU-T T.88, H.2 (its decoder is that of T.800): one context, 256 symbols.</summary>
public sealed unsafe class MqDecoderTests
{
    [Fact]
    public void The_standard_s_sequence_is_decoded()
    {
        var segment = Convert.FromHexString("84C73BFCE1A1430402200000410DBB86F4317FFF88FF37471ADB6ADFFFAC" + "FFFF");
        var contexts = new uint[1];
        var entries = MqDecoder.MakeEntries();
        var symbols = new byte[32];
        fixed (byte* bytes = segment)
        fixed (uint* context = contexts, table = entries)
        {
            var decoder = new MqDecoder(context, table);
            decoder.SetContext(0, 0);
            var reserve = decoder.Start(bytes);
            for (var i = 0; i < 8 * symbols.Length; i++)
                symbols[i / 8] = (byte)(symbols[i / 8] << 1 | MqDecoder.Decode(&decoder, context, ref reserve));
        }

        Assert.Equal("00020051000000C00352872AAAAAAAAA82C02000FCD79EF6BF7FED904F46A3BF", Convert.ToHexString(symbols));
    }
}
