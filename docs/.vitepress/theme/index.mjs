import theme from 'vitepress/theme';
import './marbles.css';

export default theme;
