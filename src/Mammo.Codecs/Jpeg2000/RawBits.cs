namespace Mammo.Codecs.Jpeg2000;

/// <summary>The raw bits of a codeword segment with bypass (T.800, D.6); after a byte FF comes a byte of seven bits.</summary>
/// <param name="segment">Its bytes, with two bytes FF behind them: they end it, however far it is read.</param>
internal unsafe struct RawBits(byte* segment)
{
    private byte* _next = segment;
    private int _current;
    private int _left;

    public int Bit()
    {
        if (_left == 0)
        {
            var isStuffed = _current == 0xFF;
            if (isStuffed && *_next > 0x8F)
            {
                _left = 8;
            }
            else
            {
                _left = isStuffed ? 7 : 8;
                _current = *_next++;
            }
        }

        _left--;
        return _current >> _left & 1;
    }
}
